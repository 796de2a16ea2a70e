/**
 * The words: what a detector can say, about which stage, and which harm a rule is about.
 *
 * <p>Plain immutable values, safe on every thread. Imports nothing of ours.
 */
@NullMarked
package io.sallyport.signal;

import org.jspecify.annotations.NullMarked;
