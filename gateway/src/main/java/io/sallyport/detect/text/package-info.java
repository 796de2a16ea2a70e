/**
 * Detectors of text: the normaliser, the lexicon's automaton, the tokenizer, and concepts.
 *
 * <p>Everything is immutable after construction and safe on every thread, unless a class says so.
 */
@NullMarked
package io.sallyport.detect.text;

import org.jspecify.annotations.NullMarked;
