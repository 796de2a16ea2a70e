package io.sallyport.detect.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A graph's inputs and outputs, held against what a card says about them. */
final class GraphSignature {
  /** 64 MB of floats; YOLOv8 with 80 classes at 640 pixels has 705,600. */
  private static final long BOX_NUMBERS_MAX = 1 << 24;

  private final OnnxModel model;

  GraphSignature(OnnxModel model) {
    this.model = model;
  }

  /** The graph takes exactly these inputs: one that nobody feeds would fail every run. */
  void requireInputs(Collection<String> names) throws UnusableModelException {
    Collection<String> found = model.inputs().keySet();
    if (!found.containsAll(names) || found.size() != names.size()) {
      throw new UnusableModelException(
          "the graph's inputs are " + found + ", the card's are " + names);
    }
  }

  /** A float input of this shape; the graph may leave dimensions open. */
  void requirePixels(String name, long[] shape) throws UnusableModelException {
    require("input", name, model.inputs(), OnnxJavaType.FLOAT, shape);
  }

  /**
   * Exactly the card's inputs, each int64, of one text and any number of tokens, or the padded one.
   */
  void requireTokens(TokenInput input) throws UnusableModelException {
    requireInputs(input.tensors());
    for (String name : input.tensors()) {
      long[] shape = {1, input.declared()};
      require("input", name, model.inputs(), OnnxJavaType.INT64, shape);
    }
  }

  /** A float input of one vector; the graph may leave dimensions open. */
  void requireVector(String name, int size) throws UnusableModelException {
    require("input", name, model.inputs(), OnnxJavaType.FLOAT, new long[] {1, size});
  }

  /**
   * The shape of a text's vectors by its number of tokens: with pooling a float output of one text,
   * any number of tokens, and a vector for each; without, one vector.
   */
  IntFunction<long[]> vectors(TokenInput input, VectorOutput output) throws UnusableModelException {
    return switch (output.pooling()) {
      case MEAN, CLS -> {
        long[] tokens = {1, input.declared(), output.size()};
        require("output", output.tensor(), model.outputs(), OnnxJavaType.FLOAT, tokens);
        yield count -> new long[] {1, count, output.size()};
      }
      case NONE -> {
        long[] shape = numbers(output.tensor(), output.size());
        yield _ -> shape;
      }
    };
  }

  /** The shape in which a float output gives one score per label; see {@link #numbers}. */
  long[] scores(String name, int labels) throws UnusableModelException {
    return numbers(name, labels);
  }

  /**
   * The shape in which a float output gives so many numbers. Open dimensions are settled: the first
   * is the batch of one, another one holds the numbers.
   */
  long[] numbers(String name, int count) throws UnusableModelException {
    long[] declared = info("output", name, model.outputs(), OnnxJavaType.FLOAT).getShape();
    long[] shape = declared.clone();
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] < 0) {
        shape[i] = i == 0 && shape.length > 1 ? 1 : count;
      }
    }
    if (Arrays.stream(shape).reduce(1, (a, b) -> a * b) != count) {
      throw mismatch("output", name, declared, new long[] {1, count});
    }
    return shape;
  }

  /**
   * The shape in which a float output gives candidate boxes. An open number of candidates is
   * settled by the card.
   */
  long[] boxes(BoxOutput output) throws UnusableModelException {
    long[] declared =
        info("output", output.tensor(), model.outputs(), OnnxJavaType.FLOAT).getShape();
    int at = output.rowsAt();
    long rows = declared.length > at && declared[at] > 0 ? declared[at] : output.candidates();
    if (rows == 0) {
      throw new UnusableModelException(
          "the graph leaves the number of boxes open: the card must say output.candidates");
    }
    if (output.candidates() > 0 && output.candidates() != rows) {
      throw new UnusableModelException(
          "the graph gives " + rows + " candidates, the card says " + output.candidates());
    }
    long[] shape = output.shape(rows);
    if (rows > BOX_NUMBERS_MAX
        || Arrays.stream(shape).reduce(1, Math::multiplyExact) > BOX_NUMBERS_MAX) {
      throw new UnusableModelException("more than " + BOX_NUMBERS_MAX + " numbers of boxes");
    }
    require("output", output.tensor(), model.outputs(), OnnxJavaType.FLOAT, shape);
    return shape;
  }

  private static void require(
      String what, String name, Map<String, TensorInfo> tensors, OnnxJavaType type, long[] expected)
      throws UnusableModelException {
    long[] shape = info(what, name, tensors, type).getShape();
    boolean fits = shape.length == expected.length;
    for (int i = 0; fits && i < shape.length; i++) {
      // An expected -1 wants an open dimension: a graph with a fixed length needs padding.
      fits = shape[i] == expected[i] || (shape[i] < 0 && expected[i] >= 0);
    }
    if (!fits) {
      throw mismatch(what, name, shape, expected);
    }
  }

  private static TensorInfo info(
      String what, String name, Map<String, TensorInfo> tensors, OnnxJavaType type)
      throws UnusableModelException {
    @Nullable TensorInfo info = tensors.get(name);
    if (info == null) {
      throw new UnusableModelException(
          "the graph has no " + what + " '" + name + "', only " + tensors.keySet());
    }
    if (info.type != type) {
      throw new UnusableModelException(
          what + " '" + name + "' is of type " + info.type + ", expected " + type);
    }
    return info;
  }

  private static UnusableModelException mismatch(
      String what, String name, long[] found, long[] expected) {
    return new UnusableModelException(
        what
            + " '"
            + name
            + "' has shape "
            + Arrays.toString(found)
            + ", expected "
            + Arrays.toString(expected));
  }
}
