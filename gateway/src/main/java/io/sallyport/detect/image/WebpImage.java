package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import java.util.Set;

/** Takes the chunks of one coded picture: a still WebP's, or those inside a frame. */
final class WebpImage {
  private static final int VP8 = 0x56503820;
  private static final int VP8L = 0x5650384C;
  private static final int ALPH = 0x414C5048;

  private final FileBytes file;
  private final ImageLimits limits;
  private int width;
  private int height;
  private boolean sized;
  private boolean found;
  private boolean lossless;

  WebpImage(FileBytes file, ImageLimits limits) {
    this.file = file;
    this.limits = limits;
  }

  /** Says the size that the picture must have. */
  void canvas(int canvasWidth, int canvasHeight) {
    width = canvasWidth;
    height = canvasHeight;
    sized = true;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** Takes a chunk; false when it is none of a picture. */
  boolean chunk(int at) throws UnavailableException {
    switch (file.i32(at)) {
      case VP8 -> lossy(at + 8);
      case VP8L -> lossless(at + 8);
      case ALPH -> lossless = true;
      default -> {
        return false;
      }
    }
    return true;
  }

  WebpHeader finish(Set<Orientation> orientations) throws UnavailableException {
    if (!found) {
      throw Failures.undecodable("WebP ends without an image");
    }
    return new WebpHeader(width, height, lossless, orientations);
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
    if (sized && (imageWidth != width || imageHeight != height)) {
      throw Failures.undecodable("WebP image does not fill its canvas");
    }
    limits.checkSize(imageWidth, imageHeight, file.size());
    width = imageWidth;
    height = imageHeight;
    found = true;
  }
}
