/**
 * Detectors of text: the normaliser, the lexicon's automaton, classifiers, and the vectors that
 * concepts and heads stand on.
 *
 * <p>The normaliser only ever adds readings; term lists judge all of them, models the forms. What a
 * detector is worth against a disguise is told by {@code obfuscations.txt} among the tests.
 *
 * <p>Everything is immutable after construction and safe on every thread, unless a class says so.
 */
@NullMarked
package io.sallyport.detect.text;

import org.jspecify.annotations.NullMarked;
