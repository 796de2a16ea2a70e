package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;

/**
 * Hands out the rows of one BMP as they lie in the file: no frame is held. For one thread.
 *
 * <p>The fourth field of a pixel is alpha to some viewers and nothing to others: where it is empty
 * everywhere, or full everywhere, the picture is opaque, else it is alpha.
 */
final class BmpReader {
  private final FileBytes file;
  private final BmpHeader header;
  private final byte[] row;
  private final byte[] rgba;

  BmpReader(FileBytes file, BmpHeader header) {
    this.file = file;
    this.header = header;
    this.row = new byte[header.stride()];
    this.rgba = new byte[4 * header.width()];
  }

  void read(RowSink sink) throws UnavailableException {
    boolean alpha = (header.depth() == 16 || header.depth() == 32) && alpha();
    int[] palette = palette();
    for (int i = 0; i < header.height(); i++) {
      file.copy(header.dataAt() + i * row.length, row, 0, row.length);
      switch (header.depth()) {
        case 1, 4, 8 -> indices(palette);
        case 24 -> bytes();
        default -> fields(alpha);
      }
      sink.rgba(header.topDown() ? i : header.height() - 1 - i, rgba);
    }
  }

  private int[] palette() throws UnavailableException {
    int[] palette = new int[header.paletteSize()];
    for (int i = 0; i < palette.length; i++) {
      palette[i] = file.u24le(header.paletteAt() + i * header.paletteStep());
    }
    return palette;
  }

  private void indices(int[] palette) throws UnavailableException {
    int depth = header.depth();
    int mask = (1 << depth) - 1;
    for (int x = 0; x < header.width(); x++) {
      int bit = x * depth;
      int index = row[bit >> 3] >> (8 - depth - (bit & 7)) & mask;
      if (index >= palette.length) {
        throw Failures.undecodable("an index beyond the palette");
      }
      put(x, palette[index] >> 16, palette[index] >> 8, palette[index], 0xFF);
    }
  }

  private void bytes() {
    for (int x = 0; x < header.width(); x++) {
      put(x, row[3 * x + 2], row[3 * x + 1], row[3 * x], 0xFF);
    }
  }

  private void fields(boolean alpha) {
    for (int x = 0; x < header.width(); x++) {
      int pixel = pixel(x);
      put(x, field(pixel, 0), field(pixel, 1), field(pixel, 2), alpha ? field(pixel, 3) : 0xFF);
    }
  }

  private int pixel(int x) {
    if (header.depth() == 16) {
      return (row[2 * x] & 0xFF) | (row[2 * x + 1] & 0xFF) << 8;
    }
    int at = 4 * x;
    int low = (row[at] & 0xFF) | (row[at + 1] & 0xFF) << 8;
    return low | (row[at + 2] & 0xFF) << 16 | (row[at + 3] & 0xFF) << 24;
  }

  /** A field's value, scaled to 0 to 255. */
  private int field(int pixel, int index) {
    int mask = header.masks().get(index);
    if (mask == 0) {
      return 0;
    }
    int shift = Integer.numberOfTrailingZeros(mask);
    long most = (mask >>> shift) & 0xFFFF_FFFFL;
    long value = ((pixel & mask) >>> shift) & 0xFFFF_FFFFL;
    return (int) ((value * 255 + most / 2) / most);
  }

  private void put(int x, int red, int green, int blue, int alpha) {
    int at = 4 * x;
    rgba[at] = (byte) red;
    rgba[at + 1] = (byte) green;
    rgba[at + 2] = (byte) blue;
    rgba[at + 3] = (byte) alpha;
  }

  /** Whether the fourth field is neither empty everywhere nor full everywhere. */
  private boolean alpha() throws UnavailableException {
    if (header.masks().get(3) == 0) {
      return false;
    }
    int ones = 0xFF;
    int any = 0;
    for (int i = 0; i < header.height(); i++) {
      file.copy(header.dataAt() + i * row.length, row, 0, row.length);
      for (int x = 0; x < header.width(); x++) {
        int value = field(pixel(x), 3);
        ones &= value;
        any |= value;
      }
    }
    return ones != 0xFF && any != 0;
  }
}
