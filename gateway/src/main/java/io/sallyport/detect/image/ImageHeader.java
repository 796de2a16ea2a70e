package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;

/**
 * What a file says of itself before any pixel is decoded. Existence is a promise: the structure is
 * whole to its last byte, nothing follows the image, it is not animated, and its size is within the
 * limits.
 */
sealed interface ImageHeader permits PngHeader, JpegHeader, WebpHeader {
  int PNG_MAGIC_HIGH = 0x89504E47;
  int PNG_MAGIC_LOW = 0x0D0A1A0A;
  int JPEG_MAGIC = 0xFFD8FF;
  int RIFF = 0x52494646;
  int WEBP = 0x57454250;

  /** By magic, never by a declared type. */
  ImageFormat format();

  /** In pixels, 1 to the cap. */
  int width();

  /** In pixels, 1 to the cap. */
  int height();

  /** Sniffs the format and walks the file's structure. */
  static ImageHeader read(FileBytes file, ImageLimits limits) throws UnavailableException {
    return switch (sniff(file)) {
      case PNG -> new PngHeaderReader(file, limits).read();
      case JPEG -> new JpegHeaderReader(file, limits).read();
      case WEBP -> new WebpHeaderReader(file, limits).read();
    };
  }

  private static ImageFormat sniff(FileBytes file) throws UnavailableException {
    int magic = file.i32(0);
    if (magic == PNG_MAGIC_HIGH && file.i32(4) == PNG_MAGIC_LOW) {
      return ImageFormat.PNG;
    }
    if (magic >>> 8 == JPEG_MAGIC) {
      return ImageFormat.JPEG;
    }
    if (magic == RIFF && file.i32(8) == WEBP) {
      return ImageFormat.WEBP;
    }
    throw Failures.unsupported("no format that is judged here");
  }
}
