package io.sallyport.testing;

import io.sallyport.detect.onnx.Digests;
import io.sallyport.detect.onnx.convert.Attribute;
import io.sallyport.detect.onnx.convert.Dim;
import io.sallyport.detect.onnx.convert.ElementType;
import io.sallyport.detect.onnx.convert.OnnxWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Versions of two models that say nothing but which version they are: {@code words} reads texts and
 * {@code marks} looks at pictures, and each version scores its one label the same whatever it is
 * asked. A score on record so proves which graph made it.
 */
public final class ModelVersions {
  /** The text classifier; its label is {@code word}. */
  public static final String WORDS = "words";

  /** The image classifier; its label is {@code mark}. */
  public static final String MARKS = "marks";

  private static final String TOKENIZER =
      """
      {"normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
        "strip_accents": null, "lowercase": true},
       "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
        "max_input_chars_per_word": 100,
        "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "##s": 4}}}
      """;

  private static final String WORDS_CARD =
      """
      model: words
      kind: text-classifier
      licence: Apache-2.0
      source: "a test"
      files: {model.onnx: %s, tokenizer.json: %s}
      input: {tokenizer: tokenizer.json, ids: ids, max_tokens: 512, beyond: windows, window: 16, stride: 8}
      output: {tensor: scores, labels: [word], activation: none}
      deadline: 60s
      examples:
        - {input: {text: "a house"}, expect: {word: %s}, tolerance: 0.001}
      """;

  private static final String MARKS_CARD =
      """
      model: marks
      kind: image-classifier
      licence: Apache-2.0
      source: "a test"
      files: {model.onnx: %s}
      input: {tensor: pixels, side: 8, layout: nchw, channels: rgb}
      output: {tensor: scores, labels: [mark], activation: none}
      deadline: 60s
      examples:
        - {input: {fill: [0, 0, 0]}, expect: {mark: %s}, tolerance: 0.001}
      """;

  private ModelVersions() {}

  /** Writes a version of {@link #WORDS} and returns its digest. */
  public static String words(Path folder, double score) throws IOException {
    byte[] graph =
        new OnnxWriter(WORDS)
            .input("ids", ElementType.INT64, Dim.named("batch"), Dim.named("tokens"))
            .floats("rows", new long[] {5, 1}, rows(score))
            .node("Gather", List.of("rows", "ids"), "found")
            .node(
                "ReduceMax",
                List.of("found"),
                "scores",
                Attribute.numbers("axes", 1),
                Attribute.number("keepdims", 0))
            .output("scores", ElementType.FLOAT32, Dim.named("batch"), Dim.of(1))
            .toBytes();
    byte[] tokenizer = TOKENIZER.getBytes(StandardCharsets.UTF_8);
    Files.createDirectories(folder);
    Files.write(folder.resolve("model.onnx"), graph);
    Files.write(folder.resolve("tokenizer.json"), tokenizer);
    return card(
        folder, WORDS_CARD.formatted(Digests.sha256(graph), Digests.sha256(tokenizer), score));
  }

  private static float[] rows(double score) {
    float[] rows = new float[5];
    java.util.Arrays.fill(rows, (float) score);
    return rows;
  }

  /** Writes a version of {@link #MARKS} and returns its digest. */
  public static String marks(Path folder, double score) throws IOException {
    return marks(folder, score, 0);
  }

  /**
   * Writes a version of {@link #MARKS} whose score rises with the brightness of the picture, out of
   * range if need be.
   *
   * @param score of a black picture
   * @param slope what a white one has more
   */
  public static String marks(Path folder, double score, double slope) throws IOException {
    byte[] graph = pixels(score, slope);
    Files.createDirectories(folder);
    Files.write(folder.resolve("model.onnx"), graph);
    return card(folder, MARKS_CARD.formatted(Digests.sha256(graph), score));
  }

  private static byte[] pixels(double score, double slope) {
    return new OnnxWriter(MARKS)
        .input("pixels", ElementType.FLOAT32, Dim.of(1), Dim.of(3), Dim.of(8), Dim.of(8))
        .node(
            "ReduceMean",
            List.of("pixels"),
            "mean",
            Attribute.numbers("axes", 1, 2, 3),
            Attribute.number("keepdims", 0))
        .longs("shape", new long[] {2}, 1, 1)
        .node("Reshape", List.of("mean", "shape"), "bright")
        .floats("slope", new long[] {1}, (float) slope)
        .floats("score", new long[] {1}, (float) score)
        .node("Mul", List.of("bright", "slope"), "more")
        .node("Add", List.of("more", "score"), "scores")
        .output("scores", ElementType.FLOAT32, Dim.of(1), Dim.of(1))
        .toBytes();
  }

  /** Replaces what stands in a version's card, and returns the digest that it has then. */
  public static String edit(Path folder, String right, String wrong) throws IOException {
    String card = Files.readString(folder.resolve("model.yaml"));
    if (!card.contains(right)) {
      throw new IllegalArgumentException("the card has no " + right);
    }
    return card(folder, card.replace(right, wrong));
  }

  private static String card(Path folder, String card) throws IOException {
    Files.writeString(folder.resolve("model.yaml"), card);
    return digest(card);
  }

  /** The digest of a card: of what it means, not of its bytes. */
  private static String digest(String card) {
    return io.sallyport.yaml.YamlFile.parse(
            "model.yaml", card.getBytes(StandardCharsets.UTF_8), new io.sallyport.yaml.Problems())
        .map(root -> Digests.canonical(root.asPlain()))
        .orElse("");
  }
}
