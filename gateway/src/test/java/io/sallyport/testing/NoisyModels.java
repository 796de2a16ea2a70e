package io.sallyport.testing;

import io.sallyport.detect.onnx.Digests;
import io.sallyport.detect.onnx.convert.Attribute;
import io.sallyport.detect.onnx.convert.Dim;
import io.sallyport.detect.onnx.convert.ElementType;
import io.sallyport.detect.onnx.convert.OnnxWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Embedding models whose vector is 1 and a number by chance, another one at every run, and heads
 * whose score is that number. Two answers are equal exactly when they come from one run.
 */
public final class NoisyModels {
  /** The image embedding. */
  public static final String PICTURES = "noisy-pictures";

  /** The text embedding; every token is the same to it, and the tokenizer is the caller's. */
  public static final String TEXTS = "noisy-texts";

  /** Pixels of a side. */
  public static final int SIDE = 8;

  private NoisyModels() {}

  /** Writes a head of this name on one of both. */
  public static void writeHead(Path models, String name, String embedding) throws IOException {
    byte[] graph =
        new OnnxWriter(name)
            .input("vector", ElementType.FLOAT32, Dim.of(1), Dim.of(2))
            .floats("weights", new long[] {2, 1}, 0, 1)
            .node("MatMul", List.of("vector", "weights"), "score")
            .output("score", ElementType.FLOAT32, Dim.of(1), Dim.of(1))
            .toBytes();
    write(
        models,
        name,
        graph,
        """
        kind: head
        input: {tensor: vector, size: 2, embedding: %s}
        output: {tensor: score, labels: [%s], activation: none}
        examples: [{input: {vector: [1, 0.25]}, expect: {%2$s: 0.25}, tolerance: 0.001}]
        """
            .formatted(embedding, name));
  }

  /** Writes {@link #PICTURES}. */
  public static void writePictures(Path models) throws IOException {
    OnnxWriter graph =
        new OnnxWriter(PICTURES)
            .input("pixels", ElementType.FLOAT32, Dim.of(1), Dim.of(3), Dim.of(SIDE), Dim.of(SIDE))
            .floats("mix", new long[] {2, 3, 1, 1}, new float[6])
            .floats("ones", new long[] {2}, 1, 0)
            .node("Conv", List.of("pixels", "mix", "ones"), "flat")
            .node("GlobalAveragePool", List.of("flat"), "pooled")
            .node("Flatten", List.of("pooled"), "base");
    write(
        models,
        PICTURES,
        noisy(graph),
        """
        kind: image-embedding
        input: {tensor: pixels, side: %d, layout: nchw, channels: rgb}
        output: {tensor: vector, size: 2, normalise: false}
        examples: [{input: {gradient: true}, expect: {vector: [1]}, tolerance: 0.001}]
        """
            .formatted(SIDE));
  }

  /** Writes {@link #TEXTS}. */
  public static void writeTexts(Path models) throws IOException {
    OnnxWriter graph =
        new OnnxWriter(TEXTS)
            .input("ids", ElementType.INT64, Dim.named("batch"), Dim.named("tokens"))
            .floats("zero", new long[] {1, 2}, 0, 0)
            .floats("one", new long[] {1, 2}, 1, 0)
            .longs("none", new long[] {1}, 0)
            .node("Mul", List.of("ids", "none"), "zeros")
            .node("Gather", List.of("zero", "zeros"), "found")
            .node(
                "ReduceMax",
                List.of("found"),
                "flat",
                Attribute.numbers("axes", 1),
                Attribute.number("keepdims", 0))
            .node("Add", List.of("flat", "one"), "base");
    Files.writeString(
        write(
                models,
                TEXTS,
                noisy(graph),
                """
                kind: text-embedding
                input: {tokenizer: tokens.json, ids: ids, max_tokens: 16, beyond: windows, window: 8, stride: 4}
                output: {tensor: vector, size: 2, pooling: none, normalise: false}
                examples: [{input: {text: "a"}, expect: {vector: [1]}, tolerance: 0.001}]
                """)
            .resolve("tokens.json"),
        "tokens");
  }

  /** Adds a number by chance, from 0 to 1, to the second of two. */
  private static byte[] noisy(OnnxWriter graph) {
    return graph
        .node("RandomUniform", List.of(), "noise", Attribute.numbers("shape", 1, 2))
        .floats("second", new long[] {1, 2}, 0, 1)
        .node("Mul", List.of("noise", "second"), "shift")
        .node("Add", List.of("base", "shift"), "vector")
        .output("vector", ElementType.FLOAT32, Dim.of(1), Dim.of(2))
        .toBytes();
  }

  private static Path write(Path models, String name, byte[] graph, String rest)
      throws IOException {
    Path folder = Files.createDirectories(models.resolve(name));
    Files.write(folder.resolve("model.onnx"), graph);
    String tokens = rest.contains("tokens.json") ? ", tokens.json: " + sha256("tokens") : "";
    Files.writeString(
        folder.resolve("model.yaml"),
        """
        model: %s
        licence: Apache-2.0
        source: "a test"
        files: {model.onnx: %s%s}
        %s\
        """
            .formatted(name, Digests.sha256(graph), tokens, rest));
    return folder;
  }

  private static String sha256(String text) {
    return Digests.sha256(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
