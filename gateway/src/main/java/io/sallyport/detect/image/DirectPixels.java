package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;

/** Pixels of several samples, or of 16 bits. Of 16 bits the upper 8 are kept, as viewers do. */
final class DirectPixels implements PngPixels {
  private final int bytesPerPixel;
  private final int green;
  private final int blue;

  /** Offset of alpha within a pixel, or -1. */
  private final int alpha;

  /** The samples of the transparent colour, as they lie in a pixel; empty when there is none. */
  private final byte[] key;

  private DirectPixels(int bytesPerPixel, int green, int blue, int alpha, byte[] key) {
    this.bytesPerPixel = bytesPerPixel;
    this.green = green;
    this.blue = blue;
    this.alpha = alpha;
    this.key = key;
  }

  static DirectPixels of(FileBytes file, PngHeader header) throws UnavailableException {
    PngColour colour = header.colour();
    int sample = header.depth() / 8;
    int bytesPerPixel = sample * colour.samples();
    int green = colour.isGrey() ? 0 : sample;
    int alpha = colour.hasAlpha() ? bytesPerPixel - sample : -1;
    return new DirectPixels(bytesPerPixel, green, 2 * green, alpha, key(file, header, sample));
  }

  /** The file holds 16 bits for each sample, whatever the depth. */
  private static byte[] key(FileBytes file, PngHeader header, int sample)
      throws UnavailableException {
    byte[] key = new byte[header.transparencySize() / 2 * sample];
    for (int i = 0; i < key.length; i++) {
      int offset = sample == 2 ? i : 2 * i + 1;
      key[i] = (byte) file.u8(header.transparencyAt() + offset);
    }
    return key;
  }

  @Override
  public void expand(byte[] raw, int count, byte[] rgba, int at, int step) {
    int from = 0;
    int to = at;
    for (int i = 0; i < count; i++) {
      rgba[to] = raw[from];
      rgba[to + 1] = raw[from + green];
      rgba[to + 2] = raw[from + blue];
      rgba[to + 3] = alpha >= 0 ? raw[from + alpha] : keyed(raw, from);
      from += bytesPerPixel;
      to += step;
    }
  }

  private byte keyed(byte[] raw, int at) {
    if (key.length == 0) {
      return (byte) 0xFF;
    }
    for (int i = 0; i < key.length; i++) {
      if (raw[at + i] != key[i]) {
        return (byte) 0xFF;
      }
    }
    return 0;
  }
}
