package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;

/** Walks the chunks of one WebP (RFC 9649), still or animated, to its true end. */
final class WebpHeaderReader {
  private static final int VP8X = 0x56503858;
  private static final int EXIF = 0x45584946;
  private static final int ANIM = 0x414E494D;
  private static final int ANMF = 0x414E4D46;
  private static final int ANIMATED = 0x02;
  private static final int FIRST_CHUNK = 12;

  private final FileBytes file;
  private final ImageLimits limits;
  private final ExifOrientation exif;
  private final WebpImage image;
  private final WebpFrames frames;
  private boolean animated;

  WebpHeaderReader(FileBytes file, ImageLimits limits) {
    this.file = file;
    this.limits = limits;
    this.exif = new ExifOrientation(file);
    this.image = new WebpImage(file, limits);
    this.frames = new WebpFrames(file, limits);
  }

  ImageHeader read() throws UnavailableException {
    if ((file.i32le(4) & 0xFFFF_FFFFL) + 8 != file.size()) {
      throw Failures.undecodable("WebP is not as long as it says");
    }
    int at = FIRST_CHUNK;
    while (at < file.size()) {
      int end = chunkEnd(file, at, file.size());
      chunk(at, end);
      at = end;
    }
    return animated
        ? frames.finish(image.width(), image.height(), exif.shown(false))
        : image.finish(exif.shown(false));
  }

  /** The end of a chunk: chunks are padded to an even length. */
  static int chunkEnd(FileBytes file, int at, int within) throws UnavailableException {
    long length = file.i32le(at + 4) & 0xFFFF_FFFFL;
    long end = at + 8 + length + (length & 1);
    if (end > within) {
      throw Failures.undecodable("a chunk reaches beyond the file");
    }
    return (int) end;
  }

  private void chunk(int at, int end) throws UnavailableException {
    switch (file.i32(at)) {
      case VP8X -> extended(at);
      case ANIM -> frames.control(animated);
      case ANMF -> frames.frame(at + 8, end, image.width(), image.height());
      case EXIF -> {
        begun(at);
        exif.take(at + 8, file.i32le(at + 4));
      }
      default -> {
        if (image.chunk(at)) {
          if (animated) {
            throw Failures.undecodable("an image beside the frames");
          }
        } else {
          begun(at);
        }
      }
    }
  }

  private static void begun(int at) throws UnavailableException {
    if (at == FIRST_CHUNK) {
      throw Failures.undecodable("WebP does not begin with an image");
    }
  }

  private void extended(int at) throws UnavailableException {
    if (at != FIRST_CHUNK) {
      throw Failures.undecodable("misplaced WebP header");
    }
    int data = at + 8;
    animated = (file.u8(data) & ANIMATED) != 0;
    int width = file.u24le(data + 4) + 1;
    int height = file.u24le(data + 7) + 1;
    limits.checkSize(width, height, file.size());
    image.canvas(width, height);
  }
}
