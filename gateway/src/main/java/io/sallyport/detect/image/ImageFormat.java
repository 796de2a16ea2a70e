package io.sallyport.detect.image;

/** Formats that are judged here. Anything else is {@code Cause.UNSUPPORTED}. */
public enum ImageFormat {
  PNG,
  JPEG,
  WEBP
}
