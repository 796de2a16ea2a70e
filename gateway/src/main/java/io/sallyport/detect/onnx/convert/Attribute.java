package io.sallyport.detect.onnx.convert;

import io.sallyport.detect.onnx.convert.OnnxSchema.NodeAttribute;

/** A named constant of a node, such as the strides of a convolution. */
public final class Attribute {
  private final ProtoWriter encoded;

  private Attribute(ProtoWriter encoded) {
    this.encoded = encoded;
  }

  /** An integer, ONNX type INT. */
  public static Attribute number(String name, long value) {
    return new Attribute(start(name, NodeAttribute.TYPE_INT).varint(NodeAttribute.I, value));
  }

  /** A list of integers, ONNX type INTS. */
  public static Attribute numbers(String name, long... values) {
    ProtoWriter list = start(name, NodeAttribute.TYPE_INTS);
    for (long value : values) {
      list.varint(NodeAttribute.INTS, value);
    }
    return new Attribute(list);
  }

  /** A real number, ONNX type FLOAT. */
  public static Attribute real(String name, float value) {
    return new Attribute(start(name, NodeAttribute.TYPE_FLOAT).float32(NodeAttribute.F, value));
  }

  /** A text, ONNX type STRING. */
  public static Attribute text(String name, String value) {
    return new Attribute(start(name, NodeAttribute.TYPE_STRING).string(NodeAttribute.S, value));
  }

  ProtoWriter encoded() {
    return encoded;
  }

  private static ProtoWriter start(String name, int type) {
    return new ProtoWriter().string(NodeAttribute.NAME, name).varint(NodeAttribute.TYPE, type);
  }
}
