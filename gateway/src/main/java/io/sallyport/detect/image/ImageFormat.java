package io.sallyport.detect.image;

/** Formats that are known here. Anything else is {@code Cause.UNSUPPORTED}. */
public enum ImageFormat {
  PNG,
  JPEG,
  WEBP,
  GIF,
  BMP,
  AVIF
}
