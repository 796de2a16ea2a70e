package io.sallyport.detect.image;

import java.util.List;
import java.util.Set;

/**
 * What a BMP's headers say.
 *
 * @param height in pixels, whatever its sign in the file
 * @param depth bits a pixel: 1, 4, 8, 16, 24 or 32
 * @param topDown whether the first row is the top one; else it is the bottom one
 * @param masks of red, green, blue and alpha in a pixel of 16 or 32 bits; alpha may be 0
 * @param paletteAt offset of the first colour
 * @param paletteStep bytes a colour, 3 or 4
 * @param paletteSize colours, 0 where there is no palette
 * @param dataAt offset of the first row
 */
record BmpHeader(
    int width,
    int height,
    int depth,
    boolean topDown,
    List<Integer> masks,
    int paletteAt,
    int paletteStep,
    int paletteSize,
    int dataAt)
    implements ImageHeader {
  BmpHeader {
    masks = List.copyOf(masks);
  }

  @Override
  public ImageFormat format() {
    return ImageFormat.BMP;
  }

  /** A BMP cannot say how it is turned. */
  @Override
  public Set<Orientation> orientations() {
    return ExifOrientation.NONE;
  }

  /** Bytes of a row: a multiple of four. */
  int stride() {
    return (int) (((long) width * depth + 31) / 32 * 4);
  }
}
