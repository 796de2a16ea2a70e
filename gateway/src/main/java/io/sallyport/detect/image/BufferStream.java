package io.sallyport.detect.image;

import java.nio.ByteBuffer;
import javax.imageio.stream.ImageInputStreamImpl;

/** A buffer as {@code javax.imageio} reads it: no cache, no file, no copy. */
final class BufferStream extends ImageInputStreamImpl {
  private final ByteBuffer buffer;

  /**
   * @param buffer read by absolute offset from 0 to its limit
   */
  BufferStream(ByteBuffer buffer) {
    this.buffer = buffer;
  }

  @Override
  public int read() {
    bitOffset = 0;
    return streamPos < buffer.limit() ? buffer.get((int) streamPos++) & 0xFF : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    if (streamPos >= buffer.limit()) {
      return -1;
    }
    int count = (int) Math.min(length, buffer.limit() - streamPos);
    buffer.get((int) streamPos, into, offset, count);
    streamPos += count;
    return count;
  }

  @Override
  public long length() {
    return buffer.limit();
  }
}
