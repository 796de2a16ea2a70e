package io.sallyport.detect.onnx.convert;

import io.sallyport.detect.onnx.convert.OnnxSchema.Graph;
import io.sallyport.detect.onnx.convert.OnnxSchema.Model;
import io.sallyport.detect.onnx.convert.OnnxSchema.Node;
import io.sallyport.detect.onnx.convert.OnnxSchema.OperatorSet;
import io.sallyport.detect.onnx.convert.OnnxSchema.Tensor;
import io.sallyport.detect.onnx.convert.OnnxSchema.ValueInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A model in the ONNX format being built: IR version 8, operator set 13, one graph.
 *
 * <p>Values are named. Inputs and constants come first, then nodes in an order in which each reads
 * only what is already there, then outputs; a name that is used twice, or before it exists, is a
 * mistake of the caller's and throws {@link IllegalArgumentException} at once rather than later in
 * a loader. Equal calls give equal bytes.
 *
 * <pre>{@code
 * byte[] model = new OnnxWriter("double")
 *     .input("x", ElementType.FLOAT32, Dim.named("batch"), Dim.of(3))
 *     .floats("two", new long[] {1}, 2f)
 *     .node("Mul", List.of("x", "two"), "y")
 *     .output("y", ElementType.FLOAT32, Dim.named("batch"), Dim.of(3))
 *     .toBytes();
 * }</pre>
 */
public final class OnnxWriter {
  private static final int IR_VERSION = 8;
  private static final int OPERATOR_SET = 13;

  private final String name;
  private final Set<String> values = new HashSet<>();
  private final ProtoWriter nodes = new ProtoWriter();
  private final ProtoWriter constants = new ProtoWriter();
  private final ProtoWriter inputs = new ProtoWriter();
  private final ProtoWriter outputs = new ProtoWriter();

  /**
   * Starts an empty graph.
   *
   * @param name the name of the graph, for people
   */
  public OnnxWriter(String name) {
    this.name = name;
  }

  /** Declares an input; no dimensions mean a scalar. */
  public OnnxWriter input(String value, ElementType type, Dim... shape) {
    define(value);
    inputs.message(Graph.INPUT, valueInfo(value, type, shape));
    return this;
  }

  /** Declares a value that exists as an output. */
  public OnnxWriter output(String value, ElementType type, Dim... shape) {
    require(value, "an output");
    outputs.message(Graph.OUTPUT, valueInfo(value, type, shape));
    return this;
  }

  /**
   * Adds a constant tensor of floats.
   *
   * @param shape row-major; empty for a scalar
   * @param elements as many as the shape holds
   */
  public OnnxWriter floats(String value, long[] shape, float... elements) {
    ByteBuffer raw = littleEndian(elements.length, Float.BYTES);
    raw.asFloatBuffer().put(elements);
    return constant(value, ElementType.FLOAT32, shape, elements.length, raw.array());
  }

  /** Adds a constant tensor of 64-bit integers, as {@link #floats}. */
  public OnnxWriter longs(String value, long[] shape, long... elements) {
    ByteBuffer raw = littleEndian(elements.length, Long.BYTES);
    raw.asLongBuffer().put(elements);
    return constant(value, ElementType.INT64, shape, elements.length, raw.array());
  }

  /** Adds a node with one output, as {@link #node(String, List, List, Attribute...)}. */
  public OnnxWriter node(
      String operator, List<String> reads, String makes, Attribute... attributes) {
    return node(operator, reads, List.of(makes), attributes);
  }

  /**
   * Adds a node.
   *
   * @param operator the name of an operator of set 13, for example {@code Conv}
   * @param reads names of values that exist; an empty name leaves an optional input out
   * @param makes new names; an empty name leaves an optional output out
   */
  public OnnxWriter node(
      String operator, List<String> reads, List<String> makes, Attribute... attributes) {
    ProtoWriter node = new ProtoWriter();
    for (String read : reads) {
      if (!read.isEmpty()) {
        require(read, operator);
      }
      node.string(Node.INPUT, read);
    }
    for (String made : makes) {
      if (!made.isEmpty()) {
        define(made);
      }
      node.string(Node.OUTPUT, made);
    }
    node.string(Node.OP_TYPE, operator);
    for (Attribute attribute : attributes) {
      node.message(Node.ATTRIBUTE, attribute.encoded());
    }
    nodes.message(Graph.NODE, node);
    return this;
  }

  /** The whole model, as a file holds it. */
  public byte[] toBytes() {
    ProtoWriter graph =
        new ProtoWriter()
            .fields(nodes)
            .string(Graph.NAME, name)
            .fields(constants)
            .fields(inputs)
            .fields(outputs);
    ProtoWriter operators =
        new ProtoWriter().string(OperatorSet.DOMAIN, "").varint(OperatorSet.VERSION, OPERATOR_SET);
    return new ProtoWriter()
        .varint(Model.IR_VERSION, IR_VERSION)
        .string(Model.PRODUCER_NAME, "sallyport")
        .message(Model.GRAPH, graph)
        .message(Model.OPSET_IMPORT, operators)
        .toBytes();
  }

  private OnnxWriter constant(
      String value, ElementType type, long[] shape, int elements, byte[] raw) {
    define(value);
    if (Arrays.stream(shape).reduce(1, Math::multiplyExact) != elements) {
      throw new IllegalArgumentException(
          value + ": " + elements + " elements for shape " + Arrays.toString(shape));
    }
    ProtoWriter tensor = new ProtoWriter();
    for (long size : shape) {
      tensor.varint(Tensor.DIMS, size);
    }
    tensor.varint(Tensor.DATA_TYPE, type.code());
    tensor.string(Tensor.NAME, value);
    tensor.bytes(Tensor.RAW_DATA, raw);
    constants.message(Graph.INITIALIZER, tensor);
    return this;
  }

  private static ProtoWriter valueInfo(String value, ElementType type, Dim... shape) {
    ProtoWriter dims = new ProtoWriter();
    for (Dim dim : shape) {
      dims.message(
          ValueInfo.SHAPE_DIM,
          switch (dim) {
            case Dim.Size(long size) -> new ProtoWriter().varint(ValueInfo.DIM_VALUE, size);
            case Dim.Name(String free) -> new ProtoWriter().string(ValueInfo.DIM_NAME, free);
          });
    }
    ProtoWriter tensor =
        new ProtoWriter()
            .varint(ValueInfo.TENSOR_ELEMENT, type.code())
            .message(ValueInfo.TENSOR_SHAPE, dims);
    return new ProtoWriter()
        .string(ValueInfo.NAME, value)
        .message(ValueInfo.TYPE, new ProtoWriter().message(ValueInfo.TYPE_TENSOR, tensor));
  }

  private void define(String value) {
    if (value.isEmpty() || !values.add(value)) {
      throw new IllegalArgumentException("not a new name: '" + value + "'");
    }
  }

  private void require(String value, String reader) {
    if (!values.contains(value)) {
      throw new IllegalArgumentException(reader + " needs '" + value + "', which nothing makes");
    }
  }

  private static ByteBuffer littleEndian(int elements, int width) {
    return ByteBuffer.allocate(Math.multiplyExact(elements, width)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
