package io.sallyport.detect.image;

import java.util.Set;

/**
 * What a WebP's chunks say (RFC 9649): one still picture.
 *
 * @param lossless whether any part, be it only the alpha plane, is coded losslessly
 * @param orientations what Exif says; viewers differ in whether they turn a WebP
 */
record WebpHeader(int width, int height, boolean lossless, Set<Orientation> orientations)
    implements ImageHeader {
  /** Bytes of one group of prefix-code tables in libwebp with the largest colour cache. */
  private static final int GROUP_BYTES = 20_016;

  private static final int MAX_GROUPS = 1 << 16;

  /** Groups that libwebp makes without asking whether any tile uses them. */
  private static final int UNASKED_GROUPS = 1000;

  /** A group's five codes take at least so many bits of the file. */
  private static final int GROUP_BITS = 20;

  @Override
  public ImageFormat format() {
    return ImageFormat.WEBP;
  }

  /** Per pixel: libwebp's planes or transforms, its output, and the copy of it on the heap. */
  long frameBytes() {
    return 16L * width * height;
  }

  /**
   * The most that a lossless file of so many bytes makes libwebp allocate for prefix codes, which
   * can be far more than the frame: one group for each tile of 4x4 pixels, up to 1.3 GB.
   */
  long tableBytes(int fileBytes) {
    if (!lossless) {
      return 0;
    }
    long tiles = (width + 3L) / 4 * ((height + 3L) / 4);
    long groups = Math.min(MAX_GROUPS, tiles + UNASKED_GROUPS);
    return GROUP_BYTES * Math.min(groups, fileBytes * 8L / GROUP_BITS);
  }
}
