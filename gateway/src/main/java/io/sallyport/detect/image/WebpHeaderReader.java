package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;

/** Walks the chunks of one WebP (RFC 9649) to its true end. */
final class WebpHeaderReader {
  private static final int VP8 = 0x56503820;
  private static final int VP8L = 0x5650384C;
  private static final int VP8X = 0x56503858;
  private static final int ALPH = 0x414C5048;
  private static final int ANIM = 0x414E494D;
  private static final int ANMF = 0x414E4D46;
  private static final int ANIMATED = 0x02;
  private static final int FIRST_CHUNK = 12;

  private final FileBytes file;
  private final ImageLimits limits;
  private int width;
  private int height;
  private boolean extended;
  private boolean found;
  private boolean lossless;

  WebpHeaderReader(FileBytes file, ImageLimits limits) {
    this.file = file;
    this.limits = limits;
  }

  WebpHeader read() throws UnavailableException {
    if ((file.i32le(4) & 0xFFFF_FFFFL) + 8 != file.size()) {
      throw Failures.undecodable("WebP is not as long as it says");
    }
    int at = FIRST_CHUNK;
    while (at < file.size()) {
      at = chunk(at);
    }
    if (!found) {
      throw Failures.undecodable("WebP ends without an image");
    }
    return new WebpHeader(width, height, lossless);
  }

  /** Takes one chunk and tells where the next one begins: chunks are padded to an even length. */
  private int chunk(int at) throws UnavailableException {
    long length = file.i32le(at + 4) & 0xFFFF_FFFFL;
    long end = at + 8 + length + (length & 1);
    if (end > file.size()) {
      throw Failures.undecodable("a chunk reaches beyond the file");
    }
    int data = at + 8;
    switch (file.i32(at)) {
      case VP8X -> extended(at, data);
      case VP8 -> lossy(data);
      case VP8L -> lossless(data);
      case ALPH -> lossless = true;
      case ANIM, ANMF -> throw animated();
      default -> {
        if (at == FIRST_CHUNK) {
          throw Failures.undecodable("WebP does not begin with an image");
        }
      }
    }
    return (int) end;
  }

  private void extended(int at, int data) throws UnavailableException {
    if (at != FIRST_CHUNK) {
      throw Failures.undecodable("misplaced WebP header");
    }
    if ((file.u8(data) & ANIMATED) != 0) {
      throw animated();
    }
    extended = true;
    width = file.u24le(data + 4) + 1;
    height = file.u24le(data + 7) + 1;
    limits.checkSize(width, height, file.size());
  }

  private void lossy(int data) throws UnavailableException {
    boolean keyFrame = (file.u8(data) & 1) == 0;
    if (!keyFrame || file.u8(data + 3) != 0x9D || file.u16(data + 4) != 0x012A) {
      throw Failures.undecodable("misshapen WebP frame");
    }
    int size = file.i32le(data + 6);
    image(size & 0x3FFF, size >>> 16 & 0x3FFF);
  }

  private void lossless(int data) throws UnavailableException {
    int size = file.i32le(data + 1);
    boolean version0 = size >>> 29 == 0;
    if (file.u8(data) != 0x2F || !version0) {
      throw Failures.undecodable("misshapen lossless WebP");
    }
    lossless = true;
    image((size & 0x3FFF) + 1, (size >>> 14 & 0x3FFF) + 1);
  }

  private void image(int imageWidth, int imageHeight) throws UnavailableException {
    if (found) {
      throw Failures.undecodable("a second image in the WebP");
    }
    if (extended && (imageWidth != width || imageHeight != height)) {
      throw Failures.undecodable("WebP image does not fill its canvas");
    }
    limits.checkSize(imageWidth, imageHeight, file.size());
    width = imageWidth;
    height = imageHeight;
    found = true;
  }

  private static UnavailableException animated() {
    return Failures.unsupported("animated WebP");
  }
}
