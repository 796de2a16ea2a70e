package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The inflated bytes of one PNG, taken row by row straight from its IDAT chunks. Exact: fewer bytes
 * than the header calls for, or more, are undecodable.
 */
final class PngRows {
  private static final int IDAT = 0x49444154;
  private static final int OVERHEAD = 12;

  private final FileBytes file;
  private final ByteBuffer window;
  private final Inflater inflater;
  private final byte[] block;
  private int chunkAt;
  private int position;
  private int filled;

  /** The scratch's inflater must be fresh or reset. */
  PngRows(FileBytes file, PngHeader header, PngScratch scratch) {
    this.file = file;
    this.window = file.window();
    this.inflater = scratch.inflater;
    this.block = scratch.block;
    this.chunkAt = header.dataAt();
  }

  /** Reads the next row's {@code length} bytes and tells its filter. */
  int next(byte[] row, int length) throws UnavailableException {
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

  /**
   * Checks that the last row was the last byte of the stream, and the stream the last of the data.
   */
  void end() throws UnavailableException {
    if (position < filled || inflate() > 0) {
      throw Failures.undecodable("more image data than the header calls for");
    }
    if (inflater.getRemaining() > 0 || nextChunk()) {
      throw Failures.undecodable("data after the compressed image");
    }
  }

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
    try {
      while (true) {
        int count = inflater.inflate(block);
        if (count > 0 || inflater.finished()) {
          return count;
        }
        if (inflater.needsDictionary() || !nextChunk()) {
          throw Failures.undecodable("compressed image ends early");
        }
      }
    } catch (DataFormatException e) {
      throw Failures.undecodable("compressed image is corrupt");
    }
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
