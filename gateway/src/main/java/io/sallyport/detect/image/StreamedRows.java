package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import java.nio.ByteBuffer;
import java.util.zip.Adler32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Rows inflated by the JDK, block by block straight from the IDAT chunks: memory for one block.
 *
 * <p>What is around the deflated data (RFC 1950) is read here and not by zlib, whose checksum is
 * not vector code as the JDK's {@link Adler32} is.
 */
final class StreamedRows implements PngRows {
  private static final int IDAT = 0x49444154;
  private static final int OVERHEAD = 12;
  private static final int DEFLATE = 8;
  private static final int WINDOW_MAX = 7;
  private static final int DICTIONARY = 0x20;

  private final FileBytes file;
  private final ByteBuffer window;
  private final Inflater inflater;
  private final Adler32 checksum;
  private final byte[] block;
  private int chunkAt;
  private boolean begun;
  private int position;
  private int filled;

  /** The scratch must be fresh or cleared. */
  StreamedRows(FileBytes file, PngHeader header, PngScratch scratch) {
    this.file = file;
    this.window = file.window().limit(0);
    this.inflater = scratch.inflater;
    this.checksum = scratch.checksum;
    this.block = scratch.block;
    this.chunkAt = header.dataAt();
  }

  @Override
  public int next(byte[] row, int length) throws UnavailableException {
    fill();
    int filter = block[position++];
    int done = 0;
    while (done < length) {
      fill();
      int part = Math.min(length - done, filled - position);
      System.arraycopy(block, position, row, done, part);
      position += part;
      done += part;
    }
    return filter;
  }

  @Override
  public void end() throws UnavailableException {
    if (position < filled || inflate() > 0) {
      throw Failures.undecodable("more image data than the header calls for");
    }
    int sum = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      sum = sum << 8 | nextByte();
    }
    if (sum != (int) checksum.getValue()) {
      throw Failures.undecodable("compressed image is corrupt");
    }
    if (window.hasRemaining() || nextChunk()) {
      throw Failures.undecodable("data after the compressed image");
    }
  }

  @Override
  public void close() {}

  private void fill() throws UnavailableException {
    if (position == filled) {
      position = 0;
      filled = inflate();
      if (filled == 0) {
        throw Failures.undecodable("less image data than the header calls for");
      }
    }
  }

  /** Inflates some bytes into the block; 0 only at the stream's end. */
  private int inflate() throws UnavailableException {
    if (!begun) {
      begun = true;
      begin();
    }
    try {
      while (true) {
        int count = inflater.inflate(block);
        if (count > 0 || inflater.finished()) {
          checksum.update(block, 0, count);
          return count;
        }
        if (!nextChunk()) {
          throw Failures.undecodable("compressed image ends early");
        }
      }
    } catch (DataFormatException e) {
      throw Failures.undecodable("compressed image is corrupt");
    }
  }

  /** The two bytes before the data: deflate, windows of up to 32 KiB, no dictionary. */
  private void begin() throws UnavailableException {
    int method = nextByte();
    int flags = nextByte();
    boolean deflate = (method & 0xF) == DEFLATE && method >> 4 <= WINDOW_MAX;
    if (!deflate || (flags & DICTIONARY) != 0 || (method << 8 | flags) % 31 != 0) {
      throw Failures.undecodable("compressed image is corrupt");
    }
  }

  private int nextByte() throws UnavailableException {
    while (!window.hasRemaining()) {
      if (!nextChunk()) {
        throw Failures.undecodable("compressed image ends early");
      }
    }
    return window.get() & 0xFF;
  }

  /** Hands the next chunk that is not empty to the inflater; false when there is none. */
  private boolean nextChunk() throws UnavailableException {
    while (file.i32(chunkAt + 4) == IDAT) {
      int length = file.i32(chunkAt);
      int at = chunkAt + 8;
      chunkAt += OVERHEAD + length;
      if (length > 0) {
        file.aim(window, at, length);
        inflater.setInput(window);
        return true;
      }
    }
    return false;
  }
}
