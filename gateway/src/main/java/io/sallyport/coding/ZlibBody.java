package io.sallyport.coding;

import java.io.IOException;

/**
 * A zlib stream (RFC 1950), which is what HTTP calls deflate, and nothing after it. Its checksum is
 * verified by zlib; one that needs a dictionary is refused.
 */
final class ZlibBody extends InflatedBody {
  ZlibBody(byte[] coded, int length) throws IOException {
    super(true, coded, 0, length);
    if (alsoStartsRawDeflate(coded, length)) {
      close();
      throw new IOException("reads as deflate without its wrapper too");
    }
  }

  @Override
  void decoded(byte[] bytes, int from, int count) {
    // zlib keeps the checksum.
  }

  @Override
  void end(int left) throws IOException {
    if (left != 0) {
      throw new IOException("more after the zlib stream");
    }
  }

  /**
   * Some decoders try deflate without the wrapper. To them every zlib head begins a stored block,
   * whose length must then be repeated inverted in the next two bytes: by chance once in 65,536
   * bodies, and that one is refused, for it may hold another text.
   */
  private static boolean alsoStartsRawDeflate(byte[] coded, int length) {
    return length >= 5 && (GzipBody.little(coded, 1, 2) ^ GzipBody.little(coded, 3, 2)) == 0xFFFF;
  }
}
