package io.sallyport.detect.image;

/**
 * How a stored picture is turned to be shown: the eight values of Exif's tag 274 (CIPA DC-008,
 * 4.6.5.1.6), in its order.
 */
enum Orientation {
  NORMAL(false, false, false),
  MIRRORED(false, true, false),
  TURNED_180(false, true, true),
  MIRRORED_DOWN(false, false, true),
  TRANSPOSED(true, false, false),
  TURNED_90(true, false, true),
  TRANSVERSED(true, true, true),
  TURNED_270(true, true, false);

  private final boolean swaps;
  private final boolean flipsX;
  private final boolean flipsY;

  /**
   * @param swaps rows of what is shown are columns of what is stored
   * @param flipsX the stored picture is read from its right
   * @param flipsY the stored picture is read from its bottom
   */
  Orientation(boolean swaps, boolean flipsX, boolean flipsY) {
    this.swaps = swaps;
    this.flipsX = flipsX;
    this.flipsY = flipsY;
  }

  /** By Exif's number, 1 to 8. */
  static Orientation ofExif(int number) {
    return values()[number - 1];
  }

  /** Whether width and height change places. */
  boolean swaps() {
    return swaps;
  }

  /** Width as shown of a stored size. */
  int width(int width, int height) {
    return swaps ? height : width;
  }

  /** Height as shown of a stored size. */
  int height(int width, int height) {
    return swaps ? width : height;
  }

  /**
   * The placement of the stored picture in the rectangle as it would be stored.
   *
   * @param shown the placement of the picture as shown
   * @param width of the rectangle as stored
   * @param height of the rectangle as stored
   */
  Placement stored(Placement shown, int width, int height) {
    int wide = width(shown.width(), shown.height());
    int high = height(shown.width(), shown.height());
    int left = width(shown.left(), shown.top());
    int top = height(shown.left(), shown.top());
    return new Placement(
        wide, high, flipsX ? width - left - wide : left, flipsY ? height - top - high : top);
  }

  /**
   * Turns a view's three planes.
   *
   * @param stored {@code width * height} numbers a plane
   */
  float[] show(float[] stored, int width, int height) {
    if (this == NORMAL) {
      return stored;
    }
    int plane = width * height;
    int across = width(width, height);
    float[] shown = new float[stored.length];
    for (int i = 0; i < plane; i++) {
      int x = swaps ? i / across : i % across;
      int y = swaps ? i % across : i / across;
      int from = (flipsY ? height - 1 - y : y) * width + (flipsX ? width - 1 - x : x);
      for (int channel = 0; channel < 3 * plane; channel += plane) {
        shown[channel + i] = stored[channel + from];
      }
    }
    return shown;
  }
}
