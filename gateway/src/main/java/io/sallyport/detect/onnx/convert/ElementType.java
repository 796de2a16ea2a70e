package io.sallyport.detect.onnx.convert;

/** The type of a tensor's elements, as far as the project's models need types. */
public enum ElementType {
  FLOAT32(1),
  INT64(7);

  private final int code;

  ElementType(int code) {
    this.code = code;
  }

  /** The number in {@code TensorProto.DataType}. */
  int code() {
    return code;
  }
}
