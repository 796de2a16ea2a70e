/**
 * Detectors of images: headers read before anything is decoded, decoders, and the classifier.
 *
 * <p>Foreign bytes enter here. Caps on bytes, sides and pixels are read from the header before a
 * decoder runs; what cannot be decoded is a {@code Signal.Unavailable}, never an image.
 */
@NullMarked
package io.sallyport.detect.image;

import org.jspecify.annotations.NullMarked;
