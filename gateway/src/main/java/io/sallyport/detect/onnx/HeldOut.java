package io.sallyport.detect.onnx;

import java.util.OptionalDouble;

/**
 * What a head was worth, for one label, on rows that its training did not see. For people: nothing
 * is computed from it.
 *
 * @param rows how many rows were held out
 * @param positive how many of them have the label
 * @param accuracy share of rows on the right side of the score 0.5, from 0 to 1
 * @param precision share of the rows above 0.5 that have the label; empty when none is above
 * @param recall share of the rows with the label that are above 0.5; empty when none has it
 * @param auc the chance that a row with the label scores above one without (ROC AUC); empty when
 *     all have it or none
 */
public record HeldOut(
    int rows,
    int positive,
    double accuracy,
    OptionalDouble precision,
    OptionalDouble recall,
    OptionalDouble auc) {}
