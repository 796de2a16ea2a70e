package io.sallyport.detect.image;

import java.util.Arrays;

/**
 * What a viewer shows of an animation, frame by frame: ARGB, not premultiplied, transparent at
 * first. For one thread.
 */
final class Canvas {
  /** Bytes for each pixel: the canvas, what it was before, and a frame. */
  static final long BYTES_PER_PIXEL = 12;

  private final int width;
  private final int height;
  private final int[] pixels;
  private int[] before = new int[0];

  Canvas(int width, int height) {
    this.width = width;
    this.height = height;
    this.pixels = new int[width * height];
  }

  /** Draws a frame; its area is inside. */
  void draw(FrameArea area, FramePixels frame) {
    if (area.disposal() == FrameArea.Disposal.RESTORE) {
      keep();
    }
    int from = 0;
    for (int y = area.y(); y < area.y() + area.height(); y++) {
      int at = y * width + area.x();
      for (int end = at + area.width(); at < end; at++) {
        int colour = frame.get(from++);
        pixels[at] = area.over() ? over(colour, pixels[at]) : colour;
      }
    }
  }

  private void keep() {
    if (before.length == 0) {
      before = new int[pixels.length];
    }
    System.arraycopy(pixels, 0, before, 0, pixels.length);
  }

  /** Ends the showing of the frame that was drawn last. */
  void dispose(FrameArea area) {
    switch (area.disposal()) {
      case KEEP -> {}
      case RESTORE -> System.arraycopy(before, 0, pixels, 0, pixels.length);
      case CLEAR -> {
        for (int y = area.y(); y < area.y() + area.height(); y++) {
          int at = y * width + area.x();
          Arrays.fill(pixels, at, at + area.width(), 0);
        }
      }
    }
  }

  /**
   * Colour over colour, as the WebP container specification (RFC 9649, 2.7.1.1) and the PNG
   * specification (13.16) have it. On a transparent ground the colour stays as it is, also where it
   * is transparent itself: a viewer that ignores transparency shows it.
   */
  private static int over(int colour, int ground) {
    int alpha = colour >>> 24;
    int below = ground >>> 24;
    if (alpha == 255 || below == 0) {
      return colour;
    }
    if (alpha == 0) {
      return ground;
    }
    int left = below * (255 - alpha);
    int weight = alpha * 255 + left;
    int mixed = (weight + 127) / 255 << 24;
    for (int shift = 0; shift <= 16; shift += 8) {
      int upper = (colour >> shift & 0xFF) * alpha * 255;
      int lower = (ground >> shift & 0xFF) * left;
      mixed |= (upper + lower + weight / 2) / weight << shift;
    }
    return mixed;
  }

  /** Hands out all rows as they are now. */
  void show(RowSink sink) {
    byte[] row = new byte[4 * width];
    for (int y = 0; y < height; y++) {
      int at = y * width;
      for (int to = 0; to < row.length; to += 4) {
        int colour = pixels[at++];
        row[to] = (byte) (colour >> 16);
        row[to + 1] = (byte) (colour >> 8);
        row[to + 2] = (byte) colour;
        row[to + 3] = (byte) (colour >> 24);
      }
      sink.rgba(y, row);
    }
  }
}
