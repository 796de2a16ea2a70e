package io.sallyport.detect.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes model folders into a test's own directory. */
final class Folders {
  /** A card for a server that reads texts. */
  static final String REMOTE_CARD =
      """
      model: far
      kind: remote
      licence: Apache-2.0
      source: "a test"
      files: {}
      remote: {model: words, version: "1", reads: text, batch: 2, binary: false}
      input: {tensor: TEXT, rank: 1}
      output: {tensor: logits, labels: [dog, beach], activation: sigmoid}
      examples:
        - {input: {text: "b"}, expect: {dog: 0.5, beach: 0.5}, tolerance: 0.001}
      """;

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

  /** A card for {@link Graphs#planes()}, line by line as the tests count them. */
  static String embeddingCard(byte[] onnx) {
    return """
    model: planes
    kind: image-embedding
    licence: Apache-2.0
    source: "a test"
    files: {model.onnx: %s}
    input: {tensor: pixels, side: 8, layout: nchw, channels: rgb}
    output: {tensor: vectors, size: 3, normalise: true}
    deadline: 2s
    examples:
      - {input: {fill: [255, 0, 0]}, expect: {vector: [1, 0, 0]}, tolerance: 0.01}
      - {input: {fill: [255, 0, 0]}, expect: {like: {fill: [153, 204, 0]}, cosine: 0.6}, tolerance: 0.01}
    """
        .formatted(Digests.sha256(onnx));
  }

  /** A card for {@link Graphs#reds()}, which stands on planes; line by line. */
  static String headCard(byte[] onnx) {
    return """
    model: reds
    kind: head
    licence: Apache-2.0
    source: "a test"
    files: {model.onnx: %s}
    input: {tensor: vector, size: 3, embedding: planes}
    output: {tensor: logits, labels: [red, dark], activation: sigmoid}
    examples:
      - {input: {vector: [0.5]}, expect: {red: 0.5, dark: 0.018}, tolerance: 0.01}
    figures: {red: {rows: 9, positive: 4, accuracy: 0.8, precision: 1, recall: 0.5, auc: 0.9}}
    """
        .formatted(Digests.sha256(onnx));
  }

  /** A card for {@link Graphs#boxes} of two labels and two candidates. */
  static String objectCard(byte[] onnx) {
    return """
    model: boxes
    kind: object-detector
    licence: Apache-2.0
    source: "a test"
    files: {model.onnx: %s}
    input: {tensor: pixels, side: 8, layout: nchw, channels: rgb}
    output: {tensor: boxes, layout: yolov8, boxes: pixels, labels: [dog, beach], activation: none, min_score: 0.3, iou: 0.5, max_boxes: 20, candidates: 2}
    deadline: 2s
    examples:
      - {input: {fill: [0, 0, 0], patches: [{fill: [255, 0, 0], box: [0, 0.5, 0.25, 1]}]}, expect: {dog: 0.9, dog.count: 0.01, dog.area: 0.25}, tolerance: 0.001}
    """
        .formatted(Digests.sha256(onnx));
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
    return letters(0, 0);
  }

  /** The same with other tokens at the ends, or {@link Tokenizer#NONE}. */
  static Tokenizer letters(int first, int last) {
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
        return first;
      }

      @Override
      public int sepId() {
        return last;
      }
    };
  }
}
