package io.sallyport.detect.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/** Memory that native code reads and writes in place: outside the heap, in native byte order. */
final class DirectBuffers {
  private DirectBuffers() {}

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
