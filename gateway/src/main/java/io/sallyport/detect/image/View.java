package io.sallyport.detect.image;

/**
 * What a model reads of a picture.
 *
 * @param pixels planar R, G, B, each {@code width * height} of the framing, row by row, 0 to 255,
 *     not rounded. Read-only by contract
 * @param placement where the picture stands in it
 */
public record View(float[] pixels, Placement placement) {
  /** Content never reaches a log by accident. */
  @Override
  public String toString() {
    return "View[" + placement + "]";
  }
}
