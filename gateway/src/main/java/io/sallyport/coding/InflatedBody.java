package io.sallyport.coding;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Deflate (RFC 1951) by the JDK's zlib, between a head and a tail that subclasses check. */
abstract class InflatedBody extends InputStream {
  private final Inflater inflater;
  private boolean ended;

  /**
   * @param wrapped true when zlib itself reads the wrapper of RFC 1950
   */
  InflatedBody(boolean wrapped, byte[] coded, int from, int to) {
    inflater = new Inflater(!wrapped);
    inflater.setInput(coded, from, to - from);
  }

  /** Called with what was decoded, in order. */
  abstract void decoded(byte[] bytes, int from, int count);

  /**
   * Called once, at the end of the deflate stream.
   *
   * @param left bytes of the body after it
   */
  abstract void end(int left) throws IOException;

  @Override
  public int read(byte[] to, int from, int count) throws IOException {
    if (ended) {
      return -1;
    }
    int read = inflate(to, from, count);
    decoded(to, from, read);
    if (read == 0) {
      ended = true;
      end(inflater.getRemaining());
      return -1;
    }
    return read;
  }

  /** Zero at the end only. */
  private int inflate(byte[] to, int from, int count) throws IOException {
    try {
      int read = inflater.inflate(to, from, count);
      if (read == 0 && !inflater.finished()) {
        throw new IOException("cut off, or needs a dictionary");
      }
      return read;
    } catch (DataFormatException e) {
      throw new IOException("no deflate stream", e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
