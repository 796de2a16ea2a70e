package io.sallyport.ops;

/**
 * A model on the lane, in numbers.
 *
 * @param model its name, from the operator's files
 * @param running runs under way
 * @param waiting tasks that wait for it
 * @param circuit 0 when it is asked, 1 when it is tried, 2 when it is left alone
 */
public record ModelFigures(String model, double running, double waiting, double circuit) {}
