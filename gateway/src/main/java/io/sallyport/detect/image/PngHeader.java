package io.sallyport.detect.image;

import java.util.List;
import java.util.Set;

/**
 * What a PNG's chunks say. Terms and rules are those of the PNG specification, third edition.
 *
 * @param depth bits per sample: 1, 2, 4, 8 or 16
 * @param interlaced Adam7
 * @param paletteAt offset of the palette's first entry
 * @param paletteSize entries of the palette, 0 when there is none
 * @param transparencyAt offset of the transparency chunk's data
 * @param transparencySize bytes of it, 0 when there is none
 * @param dataAt offset of the first IDAT chunk, at its length field
 * @param orientations what Exif says; viewers differ in whether they turn a PNG
 */
record PngHeader(
    int width,
    int height,
    int depth,
    PngColour colour,
    boolean interlaced,
    int paletteAt,
    int paletteSize,
    int transparencyAt,
    int transparencySize,
    int dataAt,
    Set<Orientation> orientations)
    implements ImageHeader {

  @Override
  public ImageFormat format() {
    return ImageFormat.PNG;
  }

  int bitsPerPixel() {
    return depth * colour.samples();
  }

  /** Bytes of a row of so many pixels, without its filter's. */
  int rowBytes(int pixels) {
    return (int) (((long) pixels * bitsPerPixel() + 7) / 8);
  }

  /** The passes that the rows come in. */
  List<PngPass> passes() {
    return interlaced ? PngPass.ADAM7 : PngPass.WHOLE;
  }

  /** What the data must inflate to: every row of every pass, and a byte for each row's filter. */
  long rawBytes() {
    long bytes = 0;
    for (PngPass pass : passes()) {
      int columns = pass.columns(width);
      if (columns > 0) {
        bytes += (long) pass.rows(height) * (1 + rowBytes(columns));
      }
    }
    return bytes;
  }

  /** Whether rows are 8-bit RGB or RGBA as they lie in the file. */
  boolean plain() {
    return depth == 8
        && !interlaced
        && (colour == PngColour.RGBA || (colour == PngColour.RGB && transparencySize == 0));
  }
}
