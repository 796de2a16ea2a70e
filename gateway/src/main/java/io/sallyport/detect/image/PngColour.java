package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;

/** The colour types of PNG, by the specification's table 11.1. */
enum PngColour {
  GREY(0, 1, 1 | 2 | 4 | 8 | 16),
  RGB(2, 3, 8 | 16),
  PALETTE(3, 1, 1 | 2 | 4 | 8),
  GREY_ALPHA(4, 2, 8 | 16),
  RGBA(6, 4, 8 | 16);

  private final int code;
  private final int samples;
  private final int depths;

  PngColour(int code, int samples, int depths) {
    this.code = code;
    this.samples = samples;
    this.depths = depths;
  }

  /** Samples per pixel. */
  int samples() {
    return samples;
  }

  boolean hasAlpha() {
    return this == GREY_ALPHA || this == RGBA;
  }

  boolean isGrey() {
    return this == GREY || this == GREY_ALPHA;
  }

  static PngColour of(int code, int depth) throws UnavailableException {
    for (PngColour colour : values()) {
      if (colour.code == code && Integer.bitCount(depth) == 1 && (colour.depths & depth) != 0) {
        return colour;
      }
    }
    throw Failures.undecodable("no such colour type and bit depth");
  }
}
