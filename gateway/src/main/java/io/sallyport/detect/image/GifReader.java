package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.image.GifHeader.GifFrame;

/**
 * Decodes the frames of one GIF: LZW with codes of at most 12 bits (appendix F of the
 * specification). Exact: fewer pixels than the frame has, or more, are undecodable. For one thread.
 */
final class GifReader {
  private static final int CODES = 1 << 12;
  private static final int CODE_BITS_MAX = 12;

  /** What a reader takes beside the frame. */
  static final long BYTES = 8L * CODES;

  private final FileBytes file;
  private final short[] prefix = new short[CODES];
  private final byte[] suffix = new byte[CODES];
  private final byte[] stack = new byte[CODES];
  private final int[] colours = new int[256];

  GifReader(FileBytes file) {
    this.file = file;
  }

  /** Writes a frame's pixels; those of the transparent index have the palette's colour, alpha 0. */
  void read(GifFrame frame, FramePixels pixels) throws UnavailableException {
    for (int i = 0; i < frame.paletteSize(); i++) {
      int at = frame.paletteAt() + 3 * i;
      int alpha = i == frame.transparent() ? 0 : 0xFF;
      colours[i] = alpha << 24 | file.u8(at) << 16 | file.u8(at + 1) << 8 | file.u8(at + 2);
    }
    GifRaster raster = new GifRaster(frame, colours, pixels);
    decode(frame, raster);
    if (!raster.full()) {
      throw Failures.undecodable("less image data than the frame calls for");
    }
  }

  private void decode(GifFrame frame, GifRaster raster) throws UnavailableException {
    int codeSize = file.u8(frame.dataAt());
    GifBits bits = new GifBits(file, frame.dataAt() + 1);
    int clear = 1 << codeSize;
    int next = clear + 2;
    int size = codeSize + 1;
    int old = -1;
    int first = 0;
    for (int code = bits.next(size); code >= 0 && code != clear + 1; code = bits.next(size)) {
      if (code == clear) {
        next = clear + 2;
        size = codeSize + 1;
        old = -1;
        continue;
      }
      if (code > next || (old < 0 && code >= clear)) {
        throw Failures.undecodable("a code before it was defined");
      }
      first = code == next ? string(old, first, clear, raster) : string(code, -1, clear, raster);
      if (old >= 0 && next < CODES) {
        prefix[next] = (short) old;
        suffix[next] = (byte) first;
        next++;
        size = next == 1 << size && size < CODE_BITS_MAX ? size + 1 : size;
      }
      old = code;
    }
    if (!bits.ended()) {
      throw Failures.undecodable("data after the compressed frame");
    }
  }

  /**
   * Writes the string of a code.
   *
   * @param last written after it, or -1
   * @return the string's first index
   */
  private int string(int code, int last, int clear, GifRaster raster) throws UnavailableException {
    int depth = 0;
    int rest = code;
    while (rest >= clear) {
      stack[depth++] = suffix[rest];
      rest = prefix[rest];
    }
    raster.put(rest);
    while (depth > 0) {
      raster.put(stack[--depth] & 0xFF);
    }
    if (last >= 0) {
      raster.put(last);
    }
    return rest;
  }
}
