package io.sallyport.coding;

import java.io.IOException;

/**
 * Walks the head and the block heads of a Zstandard frame (RFC 8878 §3.1.1) without decoding.
 * Refuses all but one plain frame that ends at the last byte: skippable and further frames, which
 * decoders skip or join; dictionaries; windows that RFC 9659 does not allow for HTTP; reserved
 * bits.
 */
final class ZstdFrame {
  /** RFC 9659: a window of at most 8 MiB. */
  static final int WINDOW_LOG = 23;

  private static final long MAX_WINDOW = 1L << WINDOW_LOG;
  private static final long MAGIC = 0xFD2FB528L;
  private static final int MAX_BLOCK = 128 << 10;
  private static final int BLOCK_HEAD = 3;

  private static final int SINGLE_SEGMENT = 0x20;
  private static final int UNUSED_AND_RESERVED = 0x18;
  private static final int CHECKSUM = 0x04;
  private static final int DICTIONARY = 0x03;

  private final byte[] coded;
  private final int length;
  private int at;

  private ZstdFrame(byte[] coded, int length) {
    this.coded = coded;
    this.length = length;
  }

  /** Throws unless the bytes are one frame that may be decoded. */
  static void check(byte[] coded, int length) throws IOException {
    new ZstdFrame(coded, length).walk();
  }

  private void walk() throws IOException {
    require(take(4) == MAGIC);
    int descriptor = (int) take(1);
    require((descriptor & (DICTIONARY | UNUSED_AND_RESERVED)) == 0);
    boolean single = (descriptor & SINGLE_SEGMENT) != 0;
    long window = single ? 0 : window((int) take(1));
    long content = take(contentBytes(descriptor, single));
    require((single ? content : window) <= MAX_WINDOW);
    boolean last = false;
    while (!last) {
      last = block();
    }
    take((descriptor & CHECKSUM) != 0 ? 4 : 0);
    require(at == length);
  }

  /** §3.1.1.1.2: exponent and mantissa. */
  private static long window(int descriptor) {
    long base = 1L << (10 + (descriptor >> 3));
    return base + base / 8 * (descriptor & 7);
  }

  /** §3.1.1.1.4: bytes of the field that declares the size, which is held against the output. */
  private static int contentBytes(int descriptor, boolean single) {
    int flag = descriptor >> 6;
    return flag == 0 ? (single ? 1 : 0) : 1 << flag;
  }

  /** Steps over one block; true when it was the last. §3.1.1.2. */
  private boolean block() throws IOException {
    int head = (int) take(BLOCK_HEAD);
    int type = head >> 1 & 3;
    int size = head >> 3;
    require(type != 3 && size <= MAX_BLOCK);
    int bytes = type == 1 ? 1 : size;
    require(bytes <= length - at);
    at += bytes;
    return (head & 1) != 0;
  }

  /** The next bytes as an unsigned number, least byte first. */
  private long take(int bytes) throws IOException {
    require(bytes <= length - at);
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | coded[at + i] & 0xFF;
    }
    at += bytes;
    require(value >= 0);
    return value;
  }

  private static void require(boolean held) throws IOException {
    if (!held) {
      throw new IOException("no single plain zstd frame");
    }
  }
}
