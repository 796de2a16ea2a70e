package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import java.util.List;

/**
 * Reads the headers of one BMP (Microsoft, <i>Bitmap storage</i>): OS/2 1.x and Windows versions 3,
 * 4 and 5, not compressed. The rows must end where the file does.
 *
 * <p>Refused, because nothing here reads them: run lengths, JPEG or PNG inside, OS/2 2.x, and
 * colour profiles inside or beside the file.
 */
final class BmpHeaderReader {
  private static final int FILE_HEADER = 14;
  private static final int CORE = 12;
  private static final int INFO = 40;
  private static final int WITH_MASKS = 52;
  private static final int WITH_ALPHA = 56;
  private static final int V4 = 108;
  private static final int V5 = 124;
  private static final int PLAIN = 0;
  private static final int BIT_FIELDS = 3;
  private static final int ALPHA_BIT_FIELDS = 6;
  private static final int PROFILE_LINKED = 0x4C494E4B;
  private static final int PROFILE_EMBEDDED = 0x4D424544;

  private final FileBytes file;
  private final ImageLimits limits;
  private int width;
  private int height;
  private int depth;
  private int compression;
  private int info;
  private int colours;

  BmpHeaderReader(FileBytes file, ImageLimits limits) {
    this.file = file;
    this.limits = limits;
  }

  BmpHeader read() throws UnavailableException {
    if (file.i32le(2) != file.size()) {
      throw Failures.undecodable("BMP is not as long as it says");
    }
    info = file.i32le(FILE_HEADER);
    switch (info) {
      case CORE -> core();
      case INFO, WITH_MASKS, WITH_ALPHA, V4, V5 -> info();
      default -> throw Failures.unsupported("no BMP header that is read here");
    }
    boolean topDown = height < 0;
    height = Math.absExact(height);
    limits.checkSize(width, height, file.size());
    List<Integer> masks = masks();
    int paletteAt = FILE_HEADER + info + (info == INFO ? maskBytes() : 0);
    int step = info == CORE ? 3 : 4;
    int size = paletteSize();
    int dataAt = file.i32le(10);
    BmpHeader header =
        new BmpHeader(width, height, depth, topDown, masks, paletteAt, step, size, dataAt);
    if (dataAt < paletteAt + step * size
        || dataAt + (long) header.stride() * height != file.size()) {
      throw Failures.undecodable("rows of a BMP that do not end with the file");
    }
    return header;
  }

  private void core() throws UnavailableException {
    width = u16le(18);
    height = u16le(20);
    depth = u16le(24);
    if (depth == 16 || depth == 32) {
      throw Failures.undecodable("no such depth of a BMP");
    }
  }

  private void info() throws UnavailableException {
    width = file.i32le(18);
    height = file.i32le(22);
    if (height == Integer.MIN_VALUE) {
      throw Failures.undecodable("no such height of a BMP");
    }
    depth = u16le(28);
    compression = file.i32le(30);
    colours = file.i32le(46);
    boolean fields = compression == BIT_FIELDS || compression == ALPHA_BIT_FIELDS;
    if (compression != PLAIN && !(fields && (depth == 16 || depth == 32))) {
      throw Failures.unsupported("a compressed BMP");
    }
    if (info >= V4) {
      int space = file.i32le(FILE_HEADER + 56);
      if (space == PROFILE_LINKED || space == PROFILE_EMBEDDED) {
        throw Failures.unsupported("a BMP with a colour profile");
      }
    }
  }

  /** Masks that stand after a header which has no place for them. */
  private int maskBytes() {
    return switch (compression) {
      case BIT_FIELDS -> 12;
      case ALPHA_BIT_FIELDS -> 16;
      default -> 0;
    };
  }

  private List<Integer> masks() throws UnavailableException {
    if (compression == PLAIN) {
      return depth == 16
          ? List.of(0x7C00, 0x3E0, 0x1F, 0)
          : List.of(0xFF0000, 0xFF00, 0xFF, 0xFF000000);
    }
    boolean alpha = info >= WITH_ALPHA || compression == ALPHA_BIT_FIELDS;
    int at = FILE_HEADER + INFO;
    List<Integer> masks =
        List.of(
            file.i32le(at),
            file.i32le(at + 4),
            file.i32le(at + 8),
            alpha ? file.i32le(at + 12) : 0);
    int seen = 0;
    for (int i = 0; i < masks.size(); i++) {
      int mask = masks.get(i);
      boolean inOnePiece = Integer.bitCount(mask) == 32 - zerosAround(mask);
      boolean fits = depth == 32 || mask >>> 16 == 0;
      if (!inOnePiece || !fits || (mask & seen) != 0 || (mask == 0 && i < 3)) {
        throw Failures.undecodable("misshapen masks of a BMP");
      }
      seen |= mask;
    }
    return masks;
  }

  private static int zerosAround(int mask) {
    return mask == 0
        ? 32
        : Integer.numberOfLeadingZeros(mask) + Integer.numberOfTrailingZeros(mask);
  }

  private int paletteSize() throws UnavailableException {
    return switch (depth) {
      case 1, 4, 8 -> {
        int most = 1 << depth;
        if (colours < 0 || colours > most) {
          throw Failures.undecodable("too many colours in a BMP");
        }
        yield colours == 0 ? most : colours;
      }
      case 16, 24, 32 -> 0;
      default -> throw Failures.undecodable("no such depth of a BMP");
    };
  }

  private int u16le(int at) throws UnavailableException {
    return file.u8(at) | file.u8(at + 1) << 8;
  }
}
