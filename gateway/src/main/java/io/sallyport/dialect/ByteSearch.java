package io.sallyport.dialect;

import java.util.Arrays;

/**
 * Finds one run of bytes in a body by Horspool's rule: it looks at the last byte of each window and
 * moves on by as much as that byte allows, mostly by the whole length of what is sought.
 *
 * <p>R. N. Horspool, Practical fast searching in strings, 1980. At worst, on a body made for it,
 * body length times the length sought; a boundary has 72 bytes at most. Immutable.
 */
final class ByteSearch {
  private final byte[] sought;
  private final int[] moves = new int[256];

  /**
   * @param sought at least one byte
   */
  ByteSearch(byte[] sought) {
    this.sought = sought.clone();
    Arrays.fill(moves, sought.length);
    for (int i = 0; i < sought.length - 1; i++) {
      moves[sought[i] & 0xFF] = sought.length - 1 - i;
    }
  }

  /** How many bytes are sought. */
  int length() {
    return sought.length;
  }

  /** Where they first stand in a range, -1 when nowhere. */
  int find(byte[] body, int from, int end) {
    int last = sought.length - 1;
    byte lastByte = sought[last];
    int at = from;
    while (at <= end - sought.length) {
      byte seen = body[at + last];
      if (seen == lastByte && standsAt(body, at)) {
        return at;
      }
      at += moves[seen & 0xFF];
    }
    return -1;
  }

  private boolean standsAt(byte[] body, int at) {
    return Arrays.equals(body, at, at + sought.length, sought, 0, sought.length);
  }
}
