package io.sallyport.detect.image;

/**
 * What a WebP's chunks say (RFC 9649): one still picture, lossy or lossless, with alpha or without.
 */
record WebpHeader(int width, int height) implements ImageHeader {
  @Override
  public ImageFormat format() {
    return ImageFormat.WEBP;
  }
}
