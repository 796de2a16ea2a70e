package io.sallyport.detect.image;

import java.util.List;
import java.util.Map;

/**
 * A decoded image reduced to what detectors need; made once and shared by all image detectors.
 *
 * <p>Holds no full-resolution pixels: decoders average rows into grids as they stream, so that a
 * large image costs memory proportional to its width. The source's pixels are area-averaged, each
 * grid cell weighing every source pixel by its covered area, in the sRGB values as stored.
 *
 * @param format what the bytes are, by their magic
 * @param width source width in pixels
 * @param height source height in pixels
 * @param views by grid side: one view for an opaque image; three where some pixel is not opaque
 *     (over black, over white, and the bare RGB plane), because a client may look at any of them. A
 *     view is planar R, G, B, each {@code side * side} values row by row, 0 to 255, not rounded.
 *     Read-only by contract
 */
public record Picture(
    ImageFormat format, int width, int height, Map<Integer, List<float[]>> views) {

  /** The views for a model that reads {@code side * side} pixels. */
  public List<float[]> views(int side) {
    List<float[]> found = views.get(side);
    if (found == null) {
      throw new IllegalArgumentException("no grid of side " + side + " was asked for");
    }
    return found;
  }

  /** Content never reaches a log by accident. */
  @Override
  public String toString() {
    return "Picture[" + format + ", " + width + "x" + height + "]";
  }
}
