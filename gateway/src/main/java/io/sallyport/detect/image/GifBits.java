package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;

/** The codes in a chain of GIF sub-blocks, low bits first. For one thread. */
final class GifBits {
  private final FileBytes file;
  private int at;
  private int left;
  private int bits;
  private int held;

  /**
   * @param at offset of the first sub-block's length; the header's reader has walked them all
   */
  GifBits(FileBytes file, int at) {
    this.file = file;
    this.at = at;
  }

  /** The next code of {@code size} bits, or -1 when there are not so many left. */
  int next(int size) throws UnavailableException {
    while (held < size) {
      if (left == 0 && !nextBlock()) {
        return -1;
      }
      bits |= file.u8(at++) << held;
      held += 8;
      left--;
    }
    int code = bits & (1 << size) - 1;
    bits >>>= size;
    held -= size;
    return code;
  }

  /** Whether not one byte is left unread. */
  boolean ended() throws UnavailableException {
    return held < 8 && left == 0 && !nextBlock();
  }

  /** Enters the next sub-block; false, and nothing moves, at the one of no length. */
  private boolean nextBlock() throws UnavailableException {
    left = file.u8(at);
    if (left > 0) {
      at++;
    }
    return left > 0;
  }
}
