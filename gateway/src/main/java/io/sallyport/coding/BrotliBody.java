package io.sallyport.coding;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.brotli.dec.BrotliInputStream;

/** One brotli stream (RFC 7932) and nothing after it, by Google's decoder in Java. */
final class BrotliBody extends InputStream {
  /** The window code that RFC 7932 keeps free and large-window brotli uses. */
  private static final int LARGE_WINDOW = 0x11;

  /** What the decoder says when its stream is over before its input is. */
  private static final String UNUSED = "Unused bytes after end";

  private final byte[] coded;
  private final int length;
  private final Source source;
  private final InputStream brotli;

  BrotliBody(byte[] coded, int length) throws IOException {
    if ((coded[0] & 0x7F) == LARGE_WINDOW) {
      throw new IOException("large-window brotli");
    }
    this.coded = coded;
    this.length = length;
    this.source = new Source(coded, length);
    this.brotli = open(source);
  }

  @Override
  public int read(byte[] to, int from, int count) throws IOException {
    int read = readStrictly(brotli, to, from, count);
    if (read < 0) {
      end();
    }
    return read;
  }

  /**
   * The decoder itself refuses bytes that it has read and not used, but only when it has seen the
   * end of its input. Where it stopped at the last byte without looking further, the stream is
   * whole if and only if it is not whole without that byte.
   */
  private void end() throws IOException {
    if (source.available() > 0) {
      throw new IOException("more after the brotli stream");
    }
    if (!source.sawEnd && wholeWithoutTheLast()) {
      throw new IOException("more after the brotli stream");
    }
  }

  /** Whether the stream is over before the last byte: without it, too, nothing is missing. */
  private boolean wholeWithoutTheLast() {
    byte[] discarded = new byte[8 << 10];
    try (InputStream shorter = open(new Source(coded, length - 1))) {
      int read = 0;
      while (read >= 0) {
        read = readStrictly(shorter, discarded, 0, discarded.length);
      }
      return true;
    } catch (IOException e) {
      return e.getCause() != null && UNUSED.equals(e.getCause().getMessage());
    }
  }

  private static InputStream open(Source source) throws IOException {
    try {
      return new BrotliInputStream(source);
    } catch (RuntimeException e) {
      throw new IOException("no brotli stream", e);
    }
  }

  /** The decoder meets some broken streams at the bounds of its arrays. */
  private static int readStrictly(InputStream from, byte[] to, int at, int count)
      throws IOException {
    try {
      return from.read(to, at, count);
    } catch (RuntimeException e) {
      throw new IOException("no brotli stream", e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public void close() throws IOException {
    brotli.close();
  }

  private static final class Source extends ByteArrayInputStream {
    private boolean sawEnd;

    Source(byte[] coded, int length) {
      super(coded, 0, length);
    }

    @Override
    public synchronized int read(byte[] to, int from, int count) {
      int read = super.read(to, from, count);
      sawEnd |= read < 0;
      return read;
    }
  }
}
