package io.sallyport.coding;

import io.sallyport.coding.CodingException.Flaw;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * Undoes the coding of one body. What the body declares of its size is never believed: output grows
 * by doubling, each step within the caps and asked for before it is taken.
 */
public final class Decoding {
  /** How much larger than the coded body the decoded one may be (api-shapes 4.6). */
  static final int RATIO = 100;

  /** Bytes up to which the ratio does not count: a small text may well repeat itself. */
  static final int FLOOR = 64 << 10;

  private static final int FIRST = 8 << 10;
  private static final int STEP = 64 << 10;
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private final int cap;
  private final Flaw beyond;
  private final LongPredicate room;
  private byte[] bytes = new byte[0];
  private int length;

  private Decoding(int coded, long cap, LongPredicate room) {
    long byRatio = Math.max(FLOOR, (long) RATIO * coded);
    this.beyond = byRatio < cap ? Flaw.EXPANSION : Flaw.TOO_LARGE;
    this.cap = (int) Math.min(LARGEST_ARRAY, Math.min(byRatio, cap));
    this.room = room;
  }

  /**
   * Decodes the first {@code length} bytes of {@code coded}. An empty body has no coding.
   *
   * @param cap bytes that the decoded body may have
   * @param room asked before memory is taken, with the number of bytes more; false ends the
   *     decoding
   * @throws CodingException when there is no whole decoded body within the caps
   */
  public static Decoded decode(
      ContentCoding coding, byte[] coded, int length, long cap, LongPredicate room)
      throws CodingException {
    if (length == 0 || coding == ContentCoding.IDENTITY) {
      return new Decoded(coded, length);
    }
    Decoding decoding = new Decoding(length, cap, room);
    try (InputStream in = open(coding, coded, length)) {
      decoding.readAll(in, length);
    } catch (IOException e) {
      throw new CodingException(Flaw.BROKEN);
    }
    return new Decoded(decoding.bytes, decoding.length);
  }

  /** A stream that ends only where the coded body does, whole and unambiguous; else it throws. */
  private static InputStream open(ContentCoding coding, byte[] coded, int length)
      throws IOException {
    return switch (coding) {
      case GZIP -> new GzipBody(coded, length);
      case DEFLATE -> new ZlibBody(coded, length);
      case BR -> new BrotliBody(coded, length);
      case ZSTD -> ZstdBody.open(coded, length);
      case IDENTITY -> InputStream.nullInputStream();
    };
  }

  private void readAll(InputStream in, int coded) throws IOException, CodingException {
    grow(Math.max(FIRST, 2L * coded));
    while (true) {
      if (length == bytes.length) {
        if (length == cap) {
          if (in.read() >= 0) {
            throw new CodingException(beyond);
          }
          return;
        }
        grow(2L * length);
      }
      int read = in.read(bytes, length, Math.min(STEP, bytes.length - length));
      if (read < 0) {
        return;
      }
      length += read;
    }
  }

  private void grow(long wanted) throws CodingException {
    int size = (int) Math.min(cap, wanted);
    if (!room.test(size - bytes.length)) {
      throw new CodingException(Flaw.NO_ROOM);
    }
    bytes = Arrays.copyOf(bytes, size);
  }
}
