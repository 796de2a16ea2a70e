package io.sallyport.coding;

import java.io.IOException;
import java.util.zip.CRC32;

/**
 * One gzip member (RFC 1952) and nothing after it. Some decoders read further members, some stop
 * after the first, some skip what follows: so there may be none.
 */
final class GzipBody extends InflatedBody {
  private static final int FIXED = 10;
  private static final int TAIL = 8;

  private static final int HEADER_CRC = 0x02;
  private static final int EXTRA = 0x04;
  private static final int NAME = 0x08;
  private static final int COMMENT = 0x10;
  private static final int RESERVED = 0xE0;

  /** Bytes that a head may have: a name and a few fields. */
  static final int MAX_HEAD = 1 << 10;

  private final byte[] coded;
  private final int length;
  private final CRC32 crc = new CRC32();
  private int decoded;

  GzipBody(byte[] coded, int length) throws IOException {
    super(false, coded, head(coded, length), length);
    this.coded = coded;
    this.length = length;
  }

  @Override
  void decoded(byte[] bytes, int from, int count) {
    crc.update(bytes, from, count);
    decoded += count;
  }

  @Override
  void end(int left) throws IOException {
    if (left != TAIL
        || little(coded, length - 8, 4) != crc.getValue()
        || little(coded, length - 4, 4) != Integer.toUnsignedLong(decoded)) {
      throw new IOException("no gzip tail, or not of this body, or more after it");
    }
  }

  /** The length of the head; checks all that it says. */
  private static int head(byte[] coded, int length) throws IOException {
    int end = Math.min(length - TAIL, MAX_HEAD);
    if (end < FIXED || little(coded, 0, 3) != 0x08_8B_1F || (coded[3] & RESERVED) != 0) {
      throw new IOException("no gzip head");
    }
    int flags = coded[3];
    int at = FIXED;
    if ((flags & EXTRA) != 0) {
      at += 2 + (at + 2 <= end ? (int) little(coded, at, 2) : end);
    }
    if ((flags & NAME) != 0) {
      at = afterZero(coded, at, end);
    }
    if ((flags & COMMENT) != 0) {
      at = afterZero(coded, at, end);
    }
    if ((flags & HEADER_CRC) != 0) {
      at = afterCrc(coded, at, end);
    }
    if (at > end) {
      throw new IOException("a gzip head without end");
    }
    return at;
  }

  private static int afterZero(byte[] coded, int from, int end) {
    int at = from;
    while (at < end && coded[at] != 0) {
      at++;
    }
    return at + 1;
  }

  private static int afterCrc(byte[] coded, int at, int end) throws IOException {
    if (at + 2 > end) {
      return end + 1;
    }
    CRC32 crc = new CRC32();
    crc.update(coded, 0, at);
    if ((crc.getValue() & 0xFFFF) != little(coded, at, 2)) {
      throw new IOException("a gzip head with another checksum");
    }
    return at + 2;
  }

  /** An unsigned number of up to four bytes, least byte first. */
  static long little(byte[] bytes, int at, int count) {
    long value = 0;
    for (int i = count - 1; i >= 0; i--) {
      value = value << 8 | bytes[at + i] & 0xFF;
    }
    return value;
  }
}
