package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;

/**
 * What a JPEG's samples mean, by the rules of libjpeg, which every common viewer follows. Decided
 * here for every file, because {@code javax.imageio}'s own guesses differ and it refuses four
 * components.
 */
enum JpegColour {
  GREY(1),
  RGB(3),
  /** Of JFIF: luma, blue and red difference. */
  YCC(3),
  /** Inverted, as Adobe writes it. */
  CMYK(4),
  /** {@link #CMYK} with its first three in {@link #YCC}. */
  YCCK(4);

  /** No Adobe segment was there. */
  static final int NO_ADOBE = -1;

  private static final int ROUND = 1 << 15;

  private final int components;

  JpegColour(int components) {
    this.components = components;
  }

  int components() {
    return components;
  }

  /**
   * @param ids the identifiers of the components
   * @param jfif whether a JFIF segment is there
   * @param transform of the Adobe segment, or {@link #NO_ADOBE}
   */
  static JpegColour of(int[] ids, boolean jfif, int transform) throws UnavailableException {
    return switch (ids.length) {
      case 1 -> GREY;
      case 3 -> ofThree(ids, jfif, transform);
      case 4 -> ofFour(transform);
      default -> throw Failures.unsupported("JPEG of so many components");
    };
  }

  private static JpegColour ofThree(int[] ids, boolean jfif, int transform) {
    if (jfif) {
      return YCC;
    }
    if (transform != NO_ADOBE) {
      return transform == 0 ? RGB : YCC;
    }
    return ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B' ? RGB : YCC;
  }

  private static JpegColour ofFour(int transform) throws UnavailableException {
    if (transform == NO_ADOBE) {
      throw Failures.unsupported("CMYK without Adobe's segment, which viewers show differently");
    }
    return transform == 0 ? CMYK : YCCK;
  }

  /** Converts a row of {@code width} pixels to RGB. */
  void toRgb(byte[] samples, byte[] rgb, int width) {
    switch (this) {
      case GREY -> grey(samples, rgb, width);
      case RGB -> System.arraycopy(samples, 0, rgb, 0, 3 * width);
      case YCC -> ycc(samples, 3, rgb, width);
      case CMYK -> cmyk(samples, rgb, width);
      case YCCK -> ycck(samples, rgb, width);
    }
  }

  private static void grey(byte[] samples, byte[] rgb, int width) {
    for (int x = 0; x < width; x++) {
      rgb[3 * x] = samples[x];
      rgb[3 * x + 1] = samples[x];
      rgb[3 * x + 2] = samples[x];
    }
  }

  /**
   * ITU-R BT.601, full range, in libjpeg's 16-bit fixed point, so that results are the same bits.
   */
  private static void ycc(byte[] samples, int step, byte[] rgb, int width) {
    int from = 0;
    for (int to = 0; to < 3 * width; to += 3) {
      int luma = samples[from] & 0xFF;
      int cb = (samples[from + 1] & 0xFF) - 128;
      int cr = (samples[from + 2] & 0xFF) - 128;
      rgb[to] = clamp(luma + ((91_881 * cr + ROUND) >> 16));
      rgb[to + 1] = clamp(luma + ((-22_554 * cb - 46_802 * cr + ROUND) >> 16));
      rgb[to + 2] = clamp(luma + ((116_130 * cb + ROUND) >> 16));
      from += step;
    }
  }

  /** Inverted ink is light: what two inks let through together is their product. */
  private static void cmyk(byte[] samples, byte[] rgb, int width) {
    for (int x = 0; x < width; x++) {
      int black = samples[4 * x + 3] & 0xFF;
      for (int channel = 0; channel < 3; channel++) {
        rgb[3 * x + channel] = through(samples[4 * x + channel] & 0xFF, black);
      }
    }
  }

  private static void ycck(byte[] samples, byte[] rgb, int width) {
    ycc(samples, 4, rgb, width);
    for (int x = 0; x < width; x++) {
      int black = samples[4 * x + 3] & 0xFF;
      for (int channel = 0; channel < 3; channel++) {
        int at = 3 * x + channel;
        rgb[at] = through(255 - (rgb[at] & 0xFF), black);
      }
    }
  }

  private static byte through(int ink, int black) {
    return (byte) ((ink * black + 127) / 255);
  }

  private static byte clamp(int value) {
    return (byte) Math.clamp(value, 0, 255);
  }
}
