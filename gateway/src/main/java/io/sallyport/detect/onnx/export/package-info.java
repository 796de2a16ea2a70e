/**
 * Folders as Hugging Face and Optimum lay them out, read and turned into model folders with a card.
 *
 * <p>Nothing is guessed in silence: what the export does not say is assumed and told, what is not
 * supported is refused, all of it at once. The card that is written has passed its own self-test.
 */
@NullMarked
package io.sallyport.detect.onnx.export;

import org.jspecify.annotations.NullMarked;
