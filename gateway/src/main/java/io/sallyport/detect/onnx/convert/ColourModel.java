package io.sallyport.detect.onnx.convert;

import io.sallyport.detect.onnx.Digests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A harmless stand-in for an image classifier: how much of a picture is strongly magenta.
 *
 * <p>Per pixel, with r, g, b from 0 to 1 and S the logistic function: {@code S(30 (r - 0.7)) * S(30
 * (0.35 - g)) * S(30 (b - 0.7))}, which is 0.9997 for pure magenta and below 0.1 for pinks, purples
 * and violets; the score is the mean over all pixels. The constants are chosen, not learnt.
 */
public final class ColourModel {
  /** The name of the model, of its folder, and of its only label. */
  public static final String NAME = "magenta";

  private static final int SIDE = 32;
  private static final float STEEPNESS = 30;
  private static final float STRONG = 0.7f;
  private static final float WEAK = 0.35f;

  private static final String CARD =
      """
      model: %s
      kind: image-classifier
      licence: Apache-2.0
      source: "written by Sallyport itself"
      files: {model.onnx: %s}
      input: {tensor: pixels, side: 32, layout: nchw, channels: rgb, range: [0, 1], mean: [0, 0, 0], std: [1, 1, 1]}
      output: {tensor: scores, labels: [magenta], activation: none}
      deadline: 2s
      examples:
        - {input: {fill: [255, 0, 255]}, expect: {magenta: 1.0}, tolerance: 0.01}
        - {input: {fill: [255, 255, 255]}, expect: {magenta: 0.0}, tolerance: 0.01}
        - {input: {gradient: true}, expect: {magenta: 0.0}, tolerance: 0.01}
      """;

  private ColourModel() {}

  /**
   * Writes the model's folder; does nothing when it is there already.
   *
   * @param models the folder of all models, made when absent
   * @throws ModelSourceException when another model is in the folder's place
   */
  public static ImportOutcome writeInto(Path models) throws IOException {
    byte[] model = onnx();
    String sha256 = Digests.sha256(model);
    byte[] card = CARD.formatted(NAME, sha256).getBytes(StandardCharsets.UTF_8);
    return new ModelFolder(models, NAME, sha256)
        .write(Map.of(ModelFolder.MODEL_FILE, model, ModelFolder.CARD_FILE, card));
  }

  /**
   * The model: {@code pixels}, float32 [1, 3, 32, 32], red green blue from 0 to 1; to {@code
   * scores}, float32 [1, 1], from 0 to 1.
   */
  public static byte[] onnx() {
    float k = STEEPNESS;
    return new OnnxWriter(NAME)
        .input("pixels", ElementType.FLOAT32, Dim.of(1), Dim.of(3), Dim.of(SIDE), Dim.of(SIDE))
        .floats("slopes", new long[] {3, 3, 1, 1}, k, 0, 0, 0, -k, 0, 0, 0, k)
        .floats("offsets", new long[] {3}, -k * STRONG, k * WEAK, -k * STRONG)
        .node("Conv", List.of("pixels", "slopes", "offsets"), "distances")
        .node("Sigmoid", List.of("distances"), "memberships")
        .node(
            "ReduceProd",
            List.of("memberships"),
            "magenta",
            Attribute.numbers("axes", 1),
            Attribute.number("keepdims", 1))
        .node("GlobalAveragePool", List.of("magenta"), "mean")
        .node("Flatten", List.of("mean"), "scores")
        .output("scores", ElementType.FLOAT32, Dim.of(1), Dim.of(1))
        .toBytes();
  }
}
