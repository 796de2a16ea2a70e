package io.sallyport.detect;

/**
 * How things stand with one model on the lane.
 *
 * @param model its name
 * @param running runs that are under way, or have a place kept for them
 * @param waiting tasks that wait for a place
 * @param circuit whether it is asked
 */
public record ModelLoad(String model, int running, int waiting, CircuitState circuit) {}
