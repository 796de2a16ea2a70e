package io.sallyport.dialect;

import java.util.List;

/**
 * A tensor whose bytes follow the JSON of its body.
 *
 * @param object offset of the brace of the object that describes it
 * @param name may be any text
 * @param shape sizes of its dimensions, the product of which is {@link #elements}
 * @param start offset of its first byte
 * @param end offset after its last one
 * @param where the JSON Pointer of its object
 */
record Tensor(
    int object,
    String name,
    Type type,
    List<Integer> shape,
    int elements,
    int start,
    int end,
    String where) {

  Tensor {
    shape = List.copyOf(shape);
  }

  /** The datatypes of the Open Inference Protocol. */
  enum Type {
    BOOL(1),
    UINT8(1),
    UINT16(2),
    UINT32(4),
    UINT64(8),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    FP16(2),
    BF16(2),
    FP32(4),
    FP64(8),
    /** Elements of any length, each after its own. */
    BYTES(0);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes of one element; 0 where each has its own length. */
    int bytes() {
      return bytes;
    }
  }
}
