package io.sallyport.detect.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A graph's inputs and outputs, held against what a card says about them. */
final class GraphSignature {
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

  /** Exactly these inputs, each int64, of one text and any number of tokens. */
  void requireTokens(Collection<String> names) throws UnusableModelException {
    requireInputs(names);
    for (String name : names) {
      require("input", name, model.inputs(), OnnxJavaType.INT64, new long[] {1, -1});
    }
  }

  /** A float output of one text, any number of tokens, and a vector for each. */
  void requireVectors(String name, int size) throws UnusableModelException {
    require("output", name, model.outputs(), OnnxJavaType.FLOAT, new long[] {1, -1, size});
  }

  /**
   * The shape in which a float output gives one score per label. Open dimensions are settled: the
   * first is the batch of one, another one holds the labels.
   */
  long[] scores(String name, int labels) throws UnusableModelException {
    long[] declared = info("output", name, model.outputs(), OnnxJavaType.FLOAT).getShape();
    long[] shape = declared.clone();
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] < 0) {
        shape[i] = i == 0 && shape.length > 1 ? 1 : labels;
      }
    }
    if (Arrays.stream(shape).reduce(1, (a, b) -> a * b) != labels) {
      throw mismatch("output", name, declared, new long[] {1, labels});
    }
    return shape;
  }

  private static void require(
      String what, String name, Map<String, TensorInfo> tensors, OnnxJavaType type, long[] expected)
      throws UnusableModelException {
    long[] shape = info(what, name, tensors, type).getShape();
    boolean fits = shape.length == expected.length;
    for (int i = 0; fits && i < shape.length; i++) {
      // An expected -1 wants an open dimension: a graph with a fixed length would need padding.
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
