package io.sallyport.detect.onnx;

import io.sallyport.detect.onnx.convert.Attribute;
import io.sallyport.detect.onnx.convert.Dim;
import io.sallyport.detect.onnx.convert.ElementType;
import io.sallyport.detect.onnx.convert.OnnxWriter;
import java.util.List;

/** Small graphs, each with one habit that a test is about. */
final class Graphs {
  static final int SIDE = 8;

  private Graphs() {}

  /** Scores red, green and blue by the mean of their plane. */
  static byte[] means() {
    return pixels("means")
        .node("GlobalAveragePool", List.of("pixels"), "pooled")
        .node("Flatten", List.of("pooled"), "scores")
        .output("scores", ElementType.FLOAT32, Dim.of(1), Dim.of(3))
        .toBytes();
  }

  /** Scores the mean of each plane times a factor: out of range for bright pictures. */
  static byte[] scaledMeans(float factor) {
    return pixels("scaled")
        .node("GlobalAveragePool", List.of("pixels"), "pooled")
        .node("Flatten", List.of("pooled"), "means")
        .floats("factor", new long[] {1}, factor)
        .node("Mul", List.of("means", "factor"), "scores")
        .output("scores", ElementType.FLOAT32, Dim.of(1), Dim.of(3))
        .toBytes();
  }

  /** Divides each mean by itself: 1, but NaN where a plane is black. */
  static byte[] meansOverThemselves() {
    return pixels("nan")
        .node("GlobalAveragePool", List.of("pixels"), "pooled")
        .node("Flatten", List.of("pooled"), "means")
        .node("Div", List.of("means", "means"), "scores")
        .output("scores", ElementType.FLOAT32, Dim.of(1), Dim.of(3))
        .toBytes();
  }

  /** Gives only the scores of planes that are not dark, and so another shape for dark pictures. */
  static byte[] onlyBrightMeans() {
    return pixels("shape")
        .node("GlobalAveragePool", List.of("pixels"), "pooled")
        .node("Flatten", List.of("pooled"), "means")
        .floats("half", new long[] {1}, 0.5f)
        .longs("three", new long[] {1}, 3)
        .node("Reshape", List.of("means", "three"), "line")
        .node("Greater", List.of("line", "half"), "bright")
        .node("Compress", List.of("means", "bright"), "scores", Attribute.number("axis", 1))
        .output("scores", ElementType.FLOAT32, Dim.of(1), Dim.named("found"))
        .toBytes();
  }

  /**
   * Answers the same table of boxes whatever it sees.
   *
   * @param declared the output's shape
   * @param rows of the table, each with as many numbers
   */
  static byte[] boxes(Dim[] declared, float[]... rows) {
    float[] cells = new float[rows.length * rows[0].length];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = rows[i / rows[0].length][i % rows[0].length];
    }
    return pixels("boxes")
        .floats("table", new long[] {1, rows.length, rows[0].length}, cells)
        .floats("nothing", new long[] {1}, 0)
        .node("ReduceMean", List.of("pixels"), "mean", Attribute.number("keepdims", 0))
        .node("Mul", List.of("mean", "nothing"), "zero")
        .node("Add", List.of("table", "zero"), "boxes")
        .output("boxes", ElementType.FLOAT32, declared)
        .toBytes();
  }

  /**
   * As {@link #boxes}, with a number of columns that only a run can tell.
   *
   * @param declared what the graph says of it
   */
  static byte[] openBoxes(Dim declared, float[]... rows) {
    float[] cells = new float[rows.length * rows[0].length];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = rows[i / rows[0].length][i % rows[0].length];
    }
    return pixels("open")
        .floats("table", new long[] {1, rows.length, rows[0].length}, cells)
        .floats("nothing", new long[] {rows[0].length}, new float[rows[0].length])
        .floats("below", new long[] {1}, -1)
        .node("ReduceMean", List.of("pixels"), "mean", Attribute.number("keepdims", 0))
        .node("Mul", List.of("mean", "nothing"), "zeros")
        .node("Greater", List.of("zeros", "below"), "all")
        .node("Compress", List.of("table", "all"), "boxes", Attribute.number("axis", 2))
        .output("boxes", ElementType.FLOAT32, Dim.of(1), Dim.of(rows.length), declared)
        .toBytes();
  }

  /** Answers the same whatever it sees, straight from a constant. */
  static byte[] constant() {
    return pixels("constant")
        .floats("fixed", new long[] {1, 3}, 0.25f, 0.5f, 0.75f)
        .node("Identity", List.of("fixed"), "scores")
        .output("scores", ElementType.FLOAT32, Dim.of(1), Dim.of(3))
        .toBytes();
  }

  /**
   * A chain of matrix products that takes minutes, in steps of some tens of milliseconds. Both
   * factors depend on the input, so that nothing is folded or packed ahead.
   */
  static byte[] endless() {
    int size = 1024;
    OnnxWriter graph =
        pixels("endless")
            .node("ReduceMean", List.of("pixels"), "mean", Attribute.number("keepdims", 0))
            .floats("matrix", new long[] {size, size}, new float[size * size])
            .node("Add", List.of("matrix", "mean"), "x0");
    int steps = 4_000;
    for (int i = 0; i < steps; i++) {
      graph.node("MatMul", List.of("x" + i, "x0"), "x" + (i + 1));
    }
    return graph
        .node("ReduceMean", List.of("x" + steps), "scores", Attribute.number("keepdims", 0))
        .output("scores", ElementType.FLOAT32)
        .toBytes();
  }

  /** Looks each token up in a table: row i is (1, i). */
  static byte[] table(int rows) {
    float[] cells = new float[2 * rows];
    for (int i = 0; i < rows; i++) {
      cells[2 * i] = 1;
      cells[2 * i + 1] = i;
    }
    return tokens("table")
        .floats("rows", new long[] {rows, 2}, cells)
        .node("Gather", List.of("rows", "ids"), "vectors")
        .output("vectors", ElementType.FLOAT32, Dim.named("batch"), Dim.named("tokens"), Dim.of(2))
        .toBytes();
  }

  /** The table with its own pooling: the largest of each column. */
  static byte[] pooledTable(int rows) {
    float[] cells = new float[2 * rows];
    for (int i = 0; i < rows; i++) {
      cells[2 * i] = 1;
      cells[2 * i + 1] = i;
    }
    return rows("pooled", 2, cells)
        .node(
            "ReduceMax",
            List.of("found"),
            "vectors",
            Attribute.numbers("axes", 1),
            Attribute.number("keepdims", 0))
        .output("vectors", ElementType.FLOAT32, Dim.named("batch"), Dim.of(2))
        .toBytes();
  }

  /** The same for texts of one length, of which the mask leaves token 0 where it is 0. */
  static byte[] maskedTable(int rows, int tokens) {
    float[] cells = new float[2 * rows];
    for (int i = 0; i < rows; i++) {
      cells[2 * i] = 1;
      cells[2 * i + 1] = i;
    }
    return new OnnxWriter("masked")
        .input("ids", ElementType.INT64, Dim.named("batch"), Dim.of(tokens))
        .input("mask", ElementType.INT64, Dim.named("batch"), Dim.of(tokens))
        .floats("rows", new long[] {rows, 2}, cells)
        .node("Mul", List.of("ids", "mask"), "attended")
        .node("Gather", List.of("rows", "attended"), "found")
        .node(
            "ReduceMax",
            List.of("found"),
            "vectors",
            Attribute.numbers("axes", 1),
            Attribute.number("keepdims", 0))
        .output("vectors", ElementType.FLOAT32, Dim.named("batch"), Dim.of(2))
        .toBytes();
  }

  /** Places a picture by the means of its planes. */
  static byte[] planes() {
    return pixels("planes")
        .node("GlobalAveragePool", List.of("pixels"), "pooled")
        .node("Flatten", List.of("pooled"), "vectors")
        .output("vectors", ElementType.FLOAT32, Dim.of(1), Dim.of(3))
        .toBytes();
  }

  /** A head of two labels: 10 x - 5 of the first number, and -4 for the second label. */
  static byte[] reds() {
    return new OnnxWriter("reds")
        .input("vector", ElementType.FLOAT32, Dim.named("batch"), Dim.of(3))
        .floats("weights", new long[] {3, 2}, 10, 0, 0, 0, 0, 0)
        .floats("biases", new long[] {2}, -5, -4)
        .node("Gemm", List.of("vector", "weights", "biases"), "logits")
        .output("logits", ElementType.FLOAT32, Dim.named("batch"), Dim.of(2))
        .toBytes();
  }

  /**
   * Gives the sum of the tokens' rows of a table as logits: NaN in a row is NaN in the result.
   *
   * @param columns labels
   * @param cells row by row
   */
  static byte[] rowSums(int columns, float... cells) {
    return rows("sums", columns, cells)
        .longs("axes", new long[] {1}, 1)
        .node("ReduceSum", List.of("found", "axes"), "logits", Attribute.number("keepdims", 0))
        .output("logits", ElementType.FLOAT32, Dim.named("batch"), Dim.of(columns))
        .toBytes();
  }

  /** Gives one number for each token, although it may have declared one for each label. */
  static byte[] scorePerToken(int rows) {
    return tokens("perToken")
        .floats("rows", new long[] {rows}, new float[rows])
        .node("Gather", List.of("rows", "ids"), "logits")
        .output("logits", ElementType.FLOAT32, Dim.named("batch"), Dim.named("found"))
        .toBytes();
  }

  private static OnnxWriter rows(String name, int columns, float... cells) {
    return tokens(name)
        .floats("rows", new long[] {cells.length / columns, columns}, cells)
        .node("Gather", List.of("rows", "ids"), "found");
  }

  private static OnnxWriter tokens(String name) {
    return new OnnxWriter(name)
        .input("ids", ElementType.INT64, Dim.named("batch"), Dim.named("tokens"));
  }

  private static OnnxWriter pixels(String name) {
    return new OnnxWriter(name)
        .input("pixels", ElementType.FLOAT32, Dim.of(1), Dim.of(3), Dim.of(SIDE), Dim.of(SIDE));
  }
}
