package io.sallyport.detect.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes model folders into a test's own directory. */
final class Folders {
  private Folders() {}

  /** A card for {@link Graphs#means()} and its likes, line by line as the tests count them. */
  static String imageCard(byte[] onnx) {
    return """
    model: means
    kind: image-classifier
    licence: Apache-2.0
    source: "a test"
    files: {model.onnx: %s}
    input: {tensor: pixels, side: 8, layout: nchw, channels: rgb}
    output: {tensor: scores, labels: [red, green, blue], activation: none}
    deadline: 2s
    examples:
      - {input: {fill: [255, 255, 255]}, expect: {red: 1.0, blue: 1.0}, tolerance: 0.01}
    """
        .formatted(Digests.sha256(onnx));
  }

  /** A card for {@link Graphs#table}; the file named tokens.json is never empty. */
  static String textCard(byte[] onnx, byte[] tokens) {
    return """
    model: table
    kind: text-embedding
    licence: Apache-2.0
    source: "a test"
    files: {model.onnx: %s, tokens.json: %s}
    input: {tokenizer: tokens.json, ids: ids, max_tokens: 16, beyond: windows, window: 8, stride: 4}
    output: {tensor: vectors, size: 2, pooling: mean, normalise: true}
    examples:
      - {input: {text: "b"}, expect: {like: "b", cosine: 1}, tolerance: 0.001}
    """
        .formatted(Digests.sha256(onnx), Digests.sha256(tokens));
  }

  /** A card for {@link Graphs#rowSums} of two labels; the file named tokens.json is never empty. */
  static String classifierCard(byte[] onnx, byte[] tokens) {
    return """
    model: words
    kind: text-classifier
    licence: Apache-2.0
    source: "a test"
    files: {model.onnx: %s, tokens.json: %s}
    input: {tokenizer: tokens.json, ids: ids, max_tokens: 16, beyond: windows, window: 8, stride: 4}
    output: {tensor: logits, labels: [dog, beach], activation: sigmoid}
    examples:
      - {input: {text: "b"}, expect: {dog: 0.5, beach: 0.5}, tolerance: 0.001}
    """
        .formatted(Digests.sha256(onnx), Digests.sha256(tokens));
  }

  /** Writes a folder of one graph under {@code models} and returns it. */
  static Path write(Path models, String name, String card, byte[] onnx) throws IOException {
    Path folder = Files.createDirectories(models.resolve(name));
    Files.writeString(folder.resolve("model.yaml"), card);
    Files.write(folder.resolve("model.onnx"), onnx);
    return folder;
  }

  /** Reads letters: 'a' is token 0, 'b' is 1 and so on; windows start and end with token 0. */
  static Tokenizer letters() {
    return new Tokenizer() {
      @Override
      public int encode(CharSequence text, int[] ids) {
        int count = Math.min(text.length(), ids.length);
        for (int i = 0; i < count; i++) {
          ids[i] = text.charAt(i) - 'a';
        }
        return count;
      }

      @Override
      public int clsId() {
        return 0;
      }

      @Override
      public int sepId() {
        return 0;
      }
    };
  }
}
