/**
 * The judge: a pure, total, monotone function from policy, stage and signals to a decision.
 *
 * <p>No clock, no input or output, no threads. What it is given and what it answers are recorded,
 * so that every decision can be run again (I9). Raising a score or shortening a distance never
 * gives a milder verdict (I10).
 */
@NullMarked
package io.sallyport.decide;

import org.jspecify.annotations.NullMarked;
