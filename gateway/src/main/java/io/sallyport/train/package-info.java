/**
 * Trains small heads on vectors: logistic regression, or one hidden layer, for several labels at
 * once. It is plain arithmetic and knows nothing of models, files or what the vectors were made of.
 *
 * <p>A row is what is judged at once, a text or a picture, and has one vector or several; the
 * strongest counts, in training as at the gate. Everything repeats bit for bit: sums run in index
 * order, functions are {@link java.lang.StrictMath}'s, and chance comes from a seed.
 */
@NullMarked
package io.sallyport.train;

import org.jspecify.annotations.NullMarked;
