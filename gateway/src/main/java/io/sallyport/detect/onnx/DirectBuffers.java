package io.sallyport.detect.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;

/** Memory that native code reads and writes in place: outside the heap, in native byte order. */
final class DirectBuffers {
  private DirectBuffers() {}

  /** How many numbers a tensor of this shape holds. */
  static int elements(long... shape) {
    return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
  }

  static FloatBuffer floats(int count) {
    return bytes((long) count * Float.BYTES).asFloatBuffer();
  }

  static LongBuffer longs(int count) {
    return bytes((long) count * Long.BYTES).asLongBuffer();
  }

  private static ByteBuffer bytes(long count) {
    return ByteBuffer.allocateDirect(Math.toIntExact(count)).order(ByteOrder.nativeOrder());
  }
}
