package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;

/** Turns a row of raw PNG samples into 8-bit RGBA. */
sealed interface PngPixels permits IndexedPixels, DirectPixels {
  /**
   * @param raw an unfiltered row
   * @param count pixels in it
   * @param at where the first pixel goes in {@code rgba}
   * @param step bytes from one pixel to the next there, at least 4
   */
  void expand(byte[] raw, int count, byte[] rgba, int at, int step) throws UnavailableException;

  static PngPixels of(FileBytes file, PngHeader header) throws UnavailableException {
    return switch (header.colour()) {
      case PALETTE -> IndexedPixels.ofPalette(file, header);
      case GREY ->
          header.depth() == 16 ? DirectPixels.of(file, header) : IndexedPixels.ofGrey(file, header);
      case RGB, GREY_ALPHA, RGBA -> DirectPixels.of(file, header);
    };
  }
}
