package io.sallyport.train;

/**
 * A score beside the truth.
 *
 * @param value from 0 to 1
 * @param truth whether what was scored has the label
 */
public record Score(double value, boolean truth) {}
