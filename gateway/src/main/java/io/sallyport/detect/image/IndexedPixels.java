package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;

/** Pixels of one sample of at most 8 bits: palette entries, or greys. */
final class IndexedPixels implements PngPixels {
  private final int depth;
  private final int[] table;

  /**
   * @param table RGBA by sample, red in the highest byte; a sample beyond it is undecodable
   */
  private IndexedPixels(int depth, int[] table) {
    this.depth = depth;
    this.table = table;
  }

  static IndexedPixels ofPalette(FileBytes file, PngHeader header) throws UnavailableException {
    if (header.paletteSize() == 0) {
      throw Failures.undecodable("no palette");
    }
    int[] table = new int[header.paletteSize()];
    for (int i = 0; i < table.length; i++) {
      int at = header.paletteAt() + 3 * i;
      int alpha = i < header.transparencySize() ? file.u8(header.transparencyAt() + i) : 0xFF;
      table[i] = file.u8(at) << 24 | file.u8(at + 1) << 16 | file.u8(at + 2) << 8 | alpha;
    }
    return new IndexedPixels(header.depth(), table);
  }

  static IndexedPixels ofGrey(FileBytes file, PngHeader header) throws UnavailableException {
    int[] table = new int[1 << header.depth()];
    int transparent = header.transparencySize() > 0 ? file.u16(header.transparencyAt()) : -1;
    for (int i = 0; i < table.length; i++) {
      int grey = i * 255 / (table.length - 1);
      table[i] = grey * 0x01010100 | (i == transparent ? 0 : 0xFF);
    }
    return new IndexedPixels(header.depth(), table);
  }

  @Override
  public void expand(byte[] raw, int count, byte[] rgba, int at, int step)
      throws UnavailableException {
    int mask = (1 << depth) - 1;
    int to = at;
    for (int i = 0; i < count; i++) {
      int bit = i * depth;
      int sample = raw[bit >> 3] >> (8 - depth - (bit & 7)) & mask;
      if (sample >= table.length) {
        throw Failures.undecodable("a sample beyond the palette");
      }
      int colour = table[sample];
      rgba[to] = (byte) (colour >> 24);
      rgba[to + 1] = (byte) (colour >> 16);
      rgba[to + 2] = (byte) (colour >> 8);
      rgba[to + 3] = (byte) colour;
      to += step;
    }
  }
}
