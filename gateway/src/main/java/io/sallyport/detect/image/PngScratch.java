package io.sallyport.detect.image;

import java.util.zip.Adler32;
import java.util.zip.Inflater;

/**
 * What one PNG decode needs beside its result, reused from one picture to the next. One user at a
 * time.
 */
final class PngScratch {
  /** Large enough that zlib seldom meets the end of its output, small enough for a core's cache. */
  private static final int BLOCK = 1 << 16;

  /** A row buffer beyond this is not kept for the next picture. */
  private static final int KEPT = 1 << 16;

  /** Of bare deflated data. */
  final Inflater inflater = new Inflater(true);

  final Adler32 checksum = new Adler32();
  final byte[] block = new byte[BLOCK];
  byte[] row = new byte[0];
  byte[] above = new byte[0];
  byte[] rgba = new byte[0];

  /** Makes room for rows of so many raw bytes. */
  void fit(int rawBytes) {
    if (row.length < rawBytes) {
      row = new byte[rawBytes];
      above = new byte[rawBytes];
    }
  }

  /** Makes room for a row of so many pixels, four bytes each. */
  void fitPixels(int pixels) {
    if (rgba.length < 4 * pixels) {
      rgba = new byte[4 * pixels];
    }
  }

  /** The row becomes the one above, and the old one above is written next. */
  void turn() {
    byte[] done = row;
    row = above;
    above = done;
  }

  /** Lets go of the picture that was read. */
  void clear() {
    inflater.reset();
    checksum.reset();
    if (row.length > KEPT) {
      row = new byte[0];
      above = new byte[0];
    }
    if (rgba.length > KEPT) {
      rgba = new byte[0];
    }
  }
}
