package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import java.util.Set;

/**
 * What a file says of itself before any pixel is decoded. Existence is a promise: the structure is
 * whole to its last byte, nothing follows the image, and its size, proportions and frames are
 * within the limits.
 */
sealed interface ImageHeader
    permits PngHeader, JpegHeader, WebpHeader, BmpHeader, AvifHeader, AnimatedHeader {
  int PNG_MAGIC_HIGH = 0x89504E47;
  int PNG_MAGIC_LOW = 0x0D0A1A0A;
  int JPEG_MAGIC = 0xFFD8FF;
  int RIFF = 0x52494646;
  int WEBP = 0x57454250;
  int GIF_MAGIC = 0x47494638;
  int GIF_87A = 0x3761;
  int GIF_89A = 0x3961;
  int BMP_MAGIC = 0x424D;
  int FTYP = 0x66747970;

  /** By magic, never by a declared type. */
  ImageFormat format();

  /** As stored, in pixels, 1 to the cap. */
  int width();

  /** As stored, in pixels, 1 to the cap. */
  int height();

  /** Every way in which a viewer may turn the picture; at least one. */
  Set<Orientation> orientations();

  /** Sniffs the format and walks the file's structure. */
  static ImageHeader read(FileBytes file, ImageLimits limits) throws UnavailableException {
    return switch (sniff(file)) {
      case PNG -> new PngHeaderReader(file, limits).read();
      case JPEG -> new JpegHeaderReader(file, limits).read();
      case WEBP -> new WebpHeaderReader(file, limits).read();
      case GIF -> new GifHeaderReader(file, limits).read();
      case BMP -> new BmpHeaderReader(file, limits).read();
      case AVIF -> new AvifHeaderReader(file, limits).read();
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
    if (magic == GIF_MAGIC && (file.u16(4) == GIF_87A || file.u16(4) == GIF_89A)) {
      return ImageFormat.GIF;
    }
    if (magic >>> 16 == BMP_MAGIC) {
      return ImageFormat.BMP;
    }
    if (file.size() >= 8 && file.i32(4) == FTYP) {
      return ImageFormat.AVIF;
    }
    throw Failures.unsupported("no format that is judged here");
  }
}
