package io.sallyport.detect.onnx.convert;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * One protobuf message being encoded: fields in the order of the calls, nothing left out.
 *
 * <p>Encoding as in "Protocol Buffers: Encoding" (protobuf.dev): a field is the varint {@code
 * number << 3 | wire type}, then its value. Repeated fields are written by repeated calls (proto2
 * style, which every parser must accept).
 */
final class ProtoWriter {
  private static final int VARINT = 0;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** An int32, int64, bool or enum; a negative one takes ten bytes. */
  ProtoWriter varint(int field, long value) {
    tag(field, VARINT);
    raw(value);
    return this;
  }

  /** A float: four bytes, little endian. */
  ProtoWriter float32(int field, float value) {
    tag(field, FIXED32);
    int bits = Float.floatToIntBits(value);
    for (int shift = 0; shift < 32; shift += 8) {
      out.write(bits >>> shift);
    }
    return this;
  }

  ProtoWriter bytes(int field, byte[] value) {
    tag(field, LENGTH);
    raw(value.length);
    out.writeBytes(value);
    return this;
  }

  ProtoWriter string(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  ProtoWriter message(int field, ProtoWriter value) {
    return bytes(field, value.toBytes());
  }

  /** The fields of another message, after those already here: what protobuf calls merging. */
  ProtoWriter fields(ProtoWriter other) {
    out.writeBytes(other.toBytes());
    return this;
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  private void tag(int field, int wireType) {
    raw((long) field << 3 | wireType);
  }

  private void raw(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
