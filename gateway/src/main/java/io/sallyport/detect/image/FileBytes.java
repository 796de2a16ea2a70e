package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * The bytes of a foreign file, read by absolute offset; beyond their end is undecodable, never an
 * exception of the runtime. Copies nothing.
 */
final class FileBytes {
  private final ByteBuffer buffer;

  private FileBytes(ByteBuffer buffer) {
    this.buffer = buffer;
  }

  /** The rest of a buffer from its position on; the buffer itself is left as it is. */
  static FileBytes of(ByteBuffer bytes) {
    return new FileBytes(bytes.slice());
  }

  int size() {
    return buffer.remaining();
  }

  int u8(int at) throws UnavailableException {
    need(at, 1);
    return buffer.get(at) & 0xFF;
  }

  /** Big-endian, as PNG and JPEG write. */
  int u16(int at) throws UnavailableException {
    need(at, 2);
    return buffer.getShort(at) & 0xFFFF;
  }

  /** Big-endian; also the way to compare four-character tags. */
  int i32(int at) throws UnavailableException {
    need(at, 4);
    return buffer.getInt(at);
  }

  /** Little-endian, as RIFF writes. */
  int i32le(int at) throws UnavailableException {
    return Integer.reverseBytes(i32(at));
  }

  /** Little-endian, 24 bits. */
  int u24le(int at) throws UnavailableException {
    need(at, 3);
    return (buffer.get(at) & 0xFF)
        | (buffer.get(at + 1) & 0xFF) << 8
        | (buffer.get(at + 2) & 0xFF) << 16;
  }

  /** A window on all of the file, with a position and limit of its own, for {@link #aim}. */
  ByteBuffer window() {
    return buffer.duplicate();
  }

  /** Narrows a window of this file to a part of it. */
  void aim(ByteBuffer window, int at, int length) throws UnavailableException {
    need(at, length);
    window.limit(at + length).position(at);
  }

  /** Copies a part out. */
  void copy(int at, byte[] into, int offset, int length) throws UnavailableException {
    need(at, length);
    buffer.get(at, into, offset, length);
  }

  /** Copies a part out, to outside the heap. */
  void copy(int at, MemorySegment into, long offset, int length) throws UnavailableException {
    need(at, length);
    MemorySegment.copy(MemorySegment.ofBuffer(buffer), at, into, offset, length);
  }

  /** Where the next byte 0xFF is, from {@code at} on, or the size when there is none. */
  int indexOfFF(int at) {
    int end = buffer.remaining();
    int i = at;
    while (i <= end - Long.BYTES && !hasFF(buffer.getLong(i))) {
      i += Long.BYTES;
    }
    while (i < end && buffer.get(i) != (byte) 0xFF) {
      i++;
    }
    return i;
  }

  /** Whether any of eight bytes is 0xFF. */
  private static boolean hasFF(long bytes) {
    return ((~bytes - 0x0101010101010101L) & bytes & 0x8080808080808080L) != 0;
  }

  private void need(int at, int length) throws UnavailableException {
    if (at < 0 || length < 0 || at > buffer.remaining() - length) {
      throw Failures.undecodable("file ends early");
    }
  }
}
