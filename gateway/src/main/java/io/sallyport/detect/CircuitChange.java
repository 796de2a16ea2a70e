package io.sallyport.detect;

/**
 * A circuit opened, is being tried, or closed.
 *
 * @param model the model's name
 * @param state the circuit's new one
 */
public record CircuitChange(String model, CircuitState state) {}
