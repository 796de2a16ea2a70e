package io.sallyport.detect.image;

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
    int dataAt)
    implements ImageHeader {

  @Override
  public ImageFormat format() {
    return ImageFormat.PNG;
  }

  int bitsPerPixel() {
    return depth * colour.samples();
  }

  /** Whether rows are 8-bit RGB or RGBA as they lie in the file. */
  boolean plain() {
    return depth == 8
        && !interlaced
        && (colour == PngColour.RGBA || colour == PngColour.RGB && transparencySize == 0);
  }
}
