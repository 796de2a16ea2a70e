package io.sallyport.testing;

import io.sallyport.detect.onnx.convert.Attribute;
import io.sallyport.detect.onnx.convert.Dim;
import io.sallyport.detect.onnx.convert.ElementType;
import io.sallyport.detect.onnx.convert.OnnxWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An object detector that finds red and blue squares, with the input and output of a YOLOv8 export.
 * Its candidates are the 16 by 16 squares at every eighth pixel of a picture of 64 by 64; a
 * candidate's score for a colour is the share of it that has the colour. So a square of 16 that
 * stands on a multiple of 8 has one candidate of score 1, and neighbours of 0.5 and less.
 */
public final class StandInDetector {
  /** The model's name, and so its folder's. */
  public static final String NAME = "squares";

  private static final int SIDE = 64;
  private static final int BOX = 16;
  private static final int STRIDE = 8;
  private static final int ROWS = (SIDE - BOX) / STRIDE + 1;
  private static final int CANDIDATES = ROWS * ROWS;
  private static final float STEEPNESS = 30;

  private StandInDetector() {}

  /** Writes the folder {@link #NAME} below {@code models}; the card is the documented one. */
  public static Path writeInto(Path models) throws IOException {
    Path folder = Files.createDirectories(models.resolve(NAME));
    Files.write(folder.resolve("model.onnx"), graph());
    Files.writeString(folder.resolve("model.yaml"), card());
    return folder;
  }

  /** The card of this kind in models-README.md, which pins this very graph. */
  public static String card() throws IOException {
    return MarkdownFile.read("models-README.md").blocks("yaml").stream()
        .filter(block -> block.contains("kind: object-detector"))
        .findFirst()
        .orElseThrow();
  }

  /** {@code images}, float32 [1, 3, 64, 64], to {@code output0}, float32 [1, 6, 49]. */
  public static byte[] graph() {
    OnnxWriter graph =
        new OnnxWriter(NAME)
            .input("images", ElementType.FLOAT32, Dim.of(1), Dim.of(3), Dim.of(SIDE), Dim.of(SIDE));
    colour(graph, "red", 1, -1, -1);
    colour(graph, "blue", -1, -1, 1);
    return graph
        .floats("boxes", new long[] {1, 4, CANDIDATES}, boxes())
        .node("Concat", List.of("boxes", "red", "blue"), "output0", Attribute.number("axis", 1))
        .output("output0", ElementType.FLOAT32, Dim.of(1), Dim.of(6), Dim.of(CANDIDATES))
        .toBytes();
  }

  /** The share of every candidate that has a colour: strong channels are 1, weak ones -1. */
  private static void colour(OnnxWriter graph, String name, int red, int green, int blue) {
    float[] slopes = new float[9];
    float[] offsets = new float[3];
    int[] signs = {red, green, blue};
    for (int i = 0; i < 3; i++) {
      slopes[4 * i] = STEEPNESS * signs[i];
      offsets[i] = STEEPNESS * (signs[i] > 0 ? -0.7f : 0.35f);
    }
    graph
        .floats(name + "-slopes", new long[] {3, 3, 1, 1}, slopes)
        .floats(name + "-offsets", new long[] {3}, offsets)
        .longs(name + "-line", new long[] {3}, 1, 1, CANDIDATES)
        .node("Conv", List.of("images", name + "-slopes", name + "-offsets"), name + "-far")
        .node("Sigmoid", List.of(name + "-far"), name + "-near")
        .node(
            "ReduceProd",
            List.of(name + "-near"),
            name + "-pixels",
            Attribute.numbers("axes", 1),
            Attribute.number("keepdims", 1))
        .node(
            "AveragePool",
            List.of(name + "-pixels"),
            name + "-shares",
            Attribute.numbers("kernel_shape", BOX, BOX),
            Attribute.numbers("strides", STRIDE, STRIDE))
        .node("Reshape", List.of(name + "-shares", name + "-line"), name);
  }

  private static float[] boxes() {
    float[] boxes = new float[4 * CANDIDATES];
    for (int i = 0; i < CANDIDATES; i++) {
      boxes[i] = i % ROWS * STRIDE + BOX / 2f;
      boxes[CANDIDATES + i] = i / ROWS * STRIDE + BOX / 2f;
      boxes[2 * CANDIDATES + i] = BOX;
      boxes[3 * CANDIDATES + i] = BOX;
    }
    return boxes;
  }
}
