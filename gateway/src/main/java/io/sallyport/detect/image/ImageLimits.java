package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import java.time.Duration;

/**
 * Caps on foreign images, all checked against the header before a decoder runs.
 *
 * <p>Memory. A PNG costs its rows only: at most 20 bytes per pixel of its width, whatever its
 * height, and the whole of it only where {@link WholeInflater} finds room; a BMP needs rows too.
 * JPEG, WebP, AVIF and animations are decoded as whole frames, on the heap or in native memory: 1
 * to 4 bytes per pixel for a baseline JPEG, three times that for one of several scans, 16 for a
 * WebP, 24 for an AVIF, 12 more for an animation, and for a lossless WebP tables whose size hostile
 * data sets. All frames together stay within {@code maxFrameBytes}, except that one lossless WebP
 * running alone may take up to 1.3 GB of native memory for its tables. Copies of the files come on
 * top: one per decode.
 *
 * @param maxBytes file size, 1 to {@link Integer#MAX_VALUE}
 * @param maxSide width and height in pixels, 1 to 65,535
 * @param maxPixels width times height, times the number of frames
 * @param maxPixelsPerByte pixels that one byte of the file may stand for, beyond {@link
 *     #FREE_PIXELS}. Deflate reaches 344 for flat RGB and 1,032 for flat grey; photographs stay
 *     below 10
 * @param maxAspect the longer side by the shorter one, at most; 1 or more
 * @param maxFrames frames of an animation; more are refused
 * @param judgedFrames frames of an animation that are judged; of more, the first, the last and
 *     others evenly between. Below {@code maxFrames} something unjudged may leave
 * @param maxFrameBytes memory for all whole frames that are being decoded at one time; a single
 *     frame beyond it is too large
 * @param maxWait how long a decode waits for its share of {@code maxFrameBytes} before it is
 *     refused as overload
 */
public record ImageLimits(
    int maxBytes,
    int maxSide,
    long maxPixels,
    int maxPixelsPerByte,
    int maxAspect,
    int maxFrames,
    int judgedFrames,
    long maxFrameBytes,
    Duration maxWait) {

  /** Pixels that need no bytes to justify them: a flat 2048x2048 picture is no bomb. */
  public static final int FREE_PIXELS = 2048 * 2048;

  /**
   * 64 MiB, sides to 16,384, 64 Mi pixels, 512 pixels per byte, 64 to 1, 16 frames and all of them
   * judged, 1 GiB of frames, 1 s.
   */
  public static final ImageLimits DEFAULTS =
      new ImageLimits(1 << 26, 16_384, 1 << 26, 512, 64, 16, 16, 1 << 30, Duration.ofSeconds(1));

  public ImageLimits {
    atLeastOne("maxBytes", maxBytes);
    atLeastOne("maxSide", maxSide);
    atLeastOne("maxPixels", maxPixels);
    atLeastOne("maxPixelsPerByte", maxPixelsPerByte);
    atLeastOne("maxAspect", maxAspect);
    atLeastOne("maxFrames", maxFrames);
    atLeastOne("judgedFrames", judgedFrames);
    atLeastOne("maxFrameBytes", maxFrameBytes);
    if (maxSide > 65_535) {
      throw new IllegalArgumentException("maxSide is beyond 65535: " + maxSide);
    }
    if (maxWait.isNegative()) {
      throw new IllegalArgumentException("maxWait is negative: " + maxWait);
    }
  }

  void checkBytes(long bytes) throws UnavailableException {
    if (bytes > maxBytes) {
      throw Failures.tooLarge("file is beyond the cap on bytes");
    }
  }

  /** Called by header readers as soon as the size is known, before they read on. */
  void checkSize(int width, int height, long bytes) throws UnavailableException {
    if (width <= 0 || height <= 0) {
      throw Failures.undecodable("a side is zero");
    }
    if (width > maxSide || height > maxSide) {
      throw Failures.tooLarge("a side is beyond the cap");
    }
    if (Math.max(width, height) > (long) maxAspect * Math.min(width, height)) {
      throw Failures.tooLarge("one side is too long for the other");
    }
    long pixels = (long) width * height;
    if (pixels > maxPixels) {
      throw Failures.tooLarge("pixels are beyond the cap");
    }
    if (pixels - FREE_PIXELS > bytes * maxPixelsPerByte) {
      throw Failures.tooLarge("too few bytes for so many pixels");
    }
  }

  /** Called by readers of animations as soon as they know of one more frame. */
  void checkFrames(int frames, int width, int height) throws UnavailableException {
    if (frames > maxFrames) {
      throw Failures.tooLarge("frames are beyond the cap");
    }
    if ((long) width * height * frames > maxPixels) {
      throw Failures.tooLarge("pixels of all frames are beyond the cap");
    }
  }

  private static void atLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is below 1: " + value);
    }
  }
}
