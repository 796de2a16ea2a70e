package io.sallyport.detect.image;

/**
 * Where and how one frame of an animation is drawn on the canvas.
 *
 * @param over whether what is there shines through where the frame is not opaque; else it is
 *     replaced
 * @param disposal what happens to the area after the frame was shown
 */
record FrameArea(int x, int y, int width, int height, boolean over, Disposal disposal) {

  /** What happens to a frame's area after it was shown. */
  enum Disposal {
    KEEP,
    /** Made transparent. Viewers ignore the background colours of GIF and WebP. */
    CLEAR,
    /** Made what it was before. */
    RESTORE
  }

  /** Whether all of it is on a canvas. */
  boolean inside(int canvasWidth, int canvasHeight) {
    return x >= 0
        && y >= 0
        && width > 0
        && height > 0
        && (long) x + width <= canvasWidth
        && (long) y + height <= canvasHeight;
  }

  /** Pixels of it. */
  int pixels() {
    return width * height;
  }
}
