package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Walks the chunks of one PNG: order, sizes, checksums of all that is decoded, and the true end.
 *
 * <p>Ancillary chunks are skipped unread (no profile or compressed text is ever inflated), but for
 * those that change what a viewer shows: animation chunks and Exif are read, and an unusual gamma
 * is refused.
 */
final class PngHeaderReader {
  private static final int IHDR = 0x49484452;
  private static final int PLTE = 0x504C5445;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454E44;
  private static final int TRNS = 0x74524E53;
  private static final int GAMA = 0x67414D41;
  private static final int ACTL = 0x6163544C;
  private static final int FCTL = 0x6663544C;
  private static final int FDAT = 0x66644154;
  private static final int EXIF = 0x65584966;

  /** Bit 5 of a type's first byte: set in chunks that a decoder may skip. */
  private static final int ANCILLARY = 0x20000000;

  /** Length, type and checksum. */
  private static final int OVERHEAD = 12;

  private static final int MAGIC_LENGTH = 8;

  /** 1/2.2 in units of 1/100,000, which is what sRGB pictures say. */
  private static final int SRGB_GAMMA = 45_455;

  private final FileBytes file;
  private final ImageLimits limits;
  private final ByteBuffer window;
  private final CRC32 crc = new CRC32();
  private final ExifOrientation exif;

  private int paletteAt;
  private int paletteSize;
  private int transparencyAt;
  private int transparencySize;
  private int dataAt;
  private int dataEnd;
  private boolean ended;

  PngHeaderReader(FileBytes file, ImageLimits limits) {
    this.file = file;
    this.limits = limits;
    this.window = file.window();
    this.exif = new ExifOrientation(file);
  }

  ImageHeader read() throws UnavailableException {
    int at = MAGIC_LENGTH;
    if (file.i32(at) != 13 || file.i32(at + 4) != IHDR) {
      throw Failures.undecodable("PNG does not begin with its header");
    }
    int width = file.i32(at + 8);
    int height = file.i32(at + 12);
    limits.checkSize(width, height, file.size());
    int depth = file.u8(at + 16);
    PngColour colour = PngColour.of(file.u8(at + 17), depth);
    boolean interlaced = interlaced(at);
    checkSum(at, 13);
    at += OVERHEAD + 13;
    ApngChunks animation = new ApngChunks(file, limits, width, height);
    while (!ended) {
      at = chunk(at, colour, depth, animation);
    }
    if (at != file.size()) {
      throw Failures.undecodable("data after the end of the PNG");
    }
    PngHeader still =
        new PngHeader(
            width,
            height,
            depth,
            colour,
            interlaced,
            paletteAt,
            paletteSize,
            transparencyAt,
            transparencySize,
            dataAt,
            exif.shown(false));
    return animation.animated() ? animation.finish(still) : still;
  }

  private boolean interlaced(int at) throws UnavailableException {
    int compressionAndFilter = file.u16(at + 18);
    int interlace = file.u8(at + 20);
    if (compressionAndFilter != 0 || interlace > 1) {
      throw Failures.undecodable("no such compression, filter or interlace method");
    }
    return interlace == 1;
  }

  /** Takes one chunk and tells where the next one begins. */
  private int chunk(int at, PngColour colour, int depth, ApngChunks animation)
      throws UnavailableException {
    int length = file.i32(at);
    int type = file.i32(at + 4);
    if (length < 0 || length > file.size() - at - OVERHEAD) {
      throw Failures.undecodable("a chunk reaches beyond the file");
    }
    switch (type) {
      case PLTE -> palette(at, length, colour, depth);
      case TRNS -> transparency(at, length, colour);
      case IDAT -> {
        data(at, length);
        animation.data(at, length);
      }
      case IEND -> end(at, length);
      case GAMA -> gamma(at, length);
      case EXIF -> exif.take(at + 8, length);
      case ACTL, FCTL, FDAT -> animation(at, length, type, animation);
      default -> skip(type);
    }
    return at + OVERHEAD + length;
  }

  private void palette(int at, int length, PngColour colour, int depth)
      throws UnavailableException {
    int most = colour == PngColour.PALETTE ? 1 << depth : 256;
    boolean misplaced = paletteAt > 0 || transparencyAt > 0 || dataAt > 0 || colour.isGrey();
    if (misplaced || length == 0 || length % 3 != 0 || length / 3 > most) {
      throw Failures.undecodable("misplaced or misshapen palette");
    }
    checkSum(at, length);
    paletteAt = at + 8;
    paletteSize = length / 3;
  }

  private void transparency(int at, int length, PngColour colour) throws UnavailableException {
    boolean fits =
        switch (colour) {
          case GREY -> length == 2;
          case RGB -> length == 6;
          case PALETTE -> length > 0 && length <= paletteSize;
          case GREY_ALPHA, RGBA -> false;
        };
    if (!fits || transparencyAt > 0 || dataAt > 0) {
      throw Failures.undecodable("misplaced or misshapen transparency");
    }
    checkSum(at, length);
    transparencyAt = at + 8;
    transparencySize = length;
  }

  private void data(int at, int length) throws UnavailableException {
    if (dataAt == 0) {
      dataAt = at;
    } else if (dataEnd != at) {
      throw Failures.undecodable("image data is not in one piece");
    }
    checkSum(at, length);
    dataEnd = at + OVERHEAD + length;
  }

  private void animation(int at, int length, int type, ApngChunks animation)
      throws UnavailableException {
    checkSum(at, length);
    switch (type) {
      case ACTL -> animation.control(at + 8, length, dataAt > 0);
      case FCTL -> animation.frame(at + 8, length, dataAt > 0);
      default -> animation.frameData(at, length, dataAt > 0);
    }
  }

  private void end(int at, int length) throws UnavailableException {
    if (length != 0 || dataAt == 0) {
      throw Failures.undecodable("PNG ends without an image");
    }
    checkSum(at, 0);
    ended = true;
  }

  /**
   * Refuses what is more than a tenth off sRGB: a browser that applies such a gamma shows another
   * picture than the stored values that are judged here.
   */
  private void gamma(int at, int length) throws UnavailableException {
    if (length != 4) {
      throw Failures.undecodable("misshapen gamma");
    }
    long off = Math.abs((file.i32(at + 8) & 0xFFFF_FFFFL) - SRGB_GAMMA);
    if (off > SRGB_GAMMA / 10) {
      throw Failures.unsupported("gamma is not that of sRGB");
    }
  }

  private static void skip(int type) throws UnavailableException {
    for (int shift = 24; shift >= 0; shift -= 8) {
      int lower = (type >>> shift & 0xFF) | 0x20;
      if (lower < 'a' || lower > 'z') {
        throw Failures.undecodable("a chunk's type is not letters");
      }
    }
    if (type == IHDR) {
      throw Failures.undecodable("a second PNG header");
    }
    if ((type & ANCILLARY) == 0) {
      throw Failures.unsupported("unknown critical chunk");
    }
  }

  /** The checksum covers type and data. */
  private void checkSum(int at, int length) throws UnavailableException {
    crc.reset();
    file.aim(window, at + 4, length + 4);
    crc.update(window);
    if ((int) crc.getValue() != file.i32(at + 8 + length)) {
      throw Failures.undecodable("wrong checksum in a PNG chunk");
    }
  }
}
