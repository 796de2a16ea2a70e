package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Rows inflated by the JDK, block by block straight from the IDAT chunks: memory for one block. */
final class StreamedRows implements PngRows {
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
  StreamedRows(FileBytes file, PngHeader header, PngScratch scratch) {
    this.file = file;
    this.window = file.window();
    this.inflater = scratch.inflater;
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
    if (inflater.getRemaining() > 0 || nextChunk()) {
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
