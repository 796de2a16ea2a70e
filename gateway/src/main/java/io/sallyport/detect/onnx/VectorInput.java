package io.sallyport.detect.onnx;

import org.jspecify.annotations.Nullable;

/**
 * What a head reads: the vector that another model gives.
 *
 * @param tensor the input's name in the graph, float32 of shape {@code [1, size]}
 * @param size length of the vector
 * @param embedding the name of the model whose vectors it reads, a text or an image embedding
 * @param digest that model's digest, 64 lower-case hex digits; null where any version will do
 * @param line where the card names that model, 1-based
 */
public record VectorInput(
    String tensor, int size, String embedding, @Nullable String digest, int line) {}
