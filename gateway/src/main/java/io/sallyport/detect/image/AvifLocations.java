package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;

/**
 * Checks that whatever an AVIF's items consist of lies in the file ({@code iloc}, ISO/IEC 14496-12,
 * 8.11.3): a truncated one is noticed before a decoder runs.
 */
final class AvifLocations {
  private static final int MAX_EXTENTS = 65_536;
  private static final int IN_FILE = 0;

  private final FileBytes file;
  private final BoxWalk box;
  private int at;

  AvifLocations(FileBytes file, BoxWalk box) {
    this.file = file;
    this.box = box;
    this.at = box.data();
  }

  void check() throws UnavailableException {
    int version = file.u8(at);
    at += 4;
    int sizes = file.u16(at);
    at += 2;
    long items = version < 2 ? number(2) : number(4);
    int extents = 0;
    for (long i = 0; i < items; i++) {
      at += version < 2 ? 2 : 4;
      int method = version == 0 ? IN_FILE : (int) number(2) & 0xF;
      at += 2;
      long base = number(sizes >> 4 & 0xF);
      long count = number(2);
      extents += (int) count;
      if (extents > MAX_EXTENTS) {
        throw Failures.tooLarge("too many parts of an AVIF");
      }
      for (long j = 0; j < count; j++) {
        at += version == 0 ? 0 : sizes & 0xF;
        extent(method, base + number(sizes >> 12 & 0xF), number(sizes >> 8 & 0xF));
      }
    }
  }

  private void extent(int method, long from, long length) throws UnavailableException {
    if (at > box.end()) {
      throw Failures.undecodable("a box is too short");
    }
    if (method == IN_FILE && (from < 0 || length < 0 || from > file.size() - length)) {
      throw Failures.undecodable("a part of the AVIF is not in the file");
    }
  }

  /** An unsigned number of 0, 2, 4 or 8 bytes. */
  private long number(int bytes) throws UnavailableException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = value << 8 | file.u8(at++);
    }
    return value;
  }
}
