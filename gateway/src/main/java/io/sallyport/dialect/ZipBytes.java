package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of an archive, read little-endian and never past its end. */
final class ZipBytes {
  private final byte[] body;
  private final int length;

  ZipBytes(byte[] body, int length) {
    this.body = body;
    this.length = length;
  }

  byte[] body() {
    return body;
  }

  int length() {
    return length;
  }

  int u16(int at) {
    require(at >= 0 && at <= length - 2);
    return (body[at] & 0xFF) | (body[at + 1] & 0xFF) << 8;
  }

  int i32(int at) {
    return u16(at) | u16(at + 2) << 16;
  }

  /** A length or offset; one that ZIP64 would continue elsewhere is refused. */
  int size(int at) {
    int size = i32(at);
    require(size >= 0);
    return size;
  }

  /** True when two ranges hold the same bytes. */
  boolean same(int a, int b, int bytes) {
    require(Math.max(a, b) <= length - bytes);
    return Arrays.equals(body, a, a + bytes, body, b, b + bytes);
  }

  /** A name of UTF-8 or ASCII; without control characters. */
  String name(int at, int bytes) {
    require(bytes > 0 && at <= length - bytes);
    int i = at;
    while (i < at + bytes) {
      require(body[i] < 0 || (body[i] >= ' ' && body[i] != 0x7F));
      i = body[i] >= 0 ? i + 1 : Utf8.next(body, i, at + bytes);
    }
    return new String(body, at, bytes, StandardCharsets.UTF_8);
  }

  static void require(boolean holds) {
    if (!holds) {
      throw new UnreadableException(Defect.MALFORMED_ZIP);
    }
  }
}
