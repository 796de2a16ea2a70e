package io.sallyport.detect.onnx.convert;

/** One dimension of an input or output: a size, or a name for a size known only at run time. */
public sealed interface Dim {
  /** A fixed size, at least 1. */
  record Size(long value) implements Dim {
    public Size {
      if (value < 1) {
        throw new IllegalArgumentException("size " + value);
      }
    }
  }

  /** A free size; equal names mean equal sizes. */
  record Name(String value) implements Dim {}

  static Dim of(long size) {
    return new Size(size);
  }

  static Dim named(String name) {
    return new Name(name);
  }
}
