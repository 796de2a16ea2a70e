package io.sallyport.detect.image;

import java.util.List;
import java.util.Set;

/**
 * What a JPEG's marker segments say (ITU-T T.81).
 *
 * @param progressive decoded over several scans
 * @param colour what its samples mean
 * @param kept the parts that a decoder needs, in order: all but comments and application segments,
 *     so that no profile, thumbnail or Exif block reaches native code
 * @param orientations what Exif says
 */
record JpegHeader(
    int width,
    int height,
    boolean progressive,
    JpegColour colour,
    List<Span> kept,
    Set<Orientation> orientations)
    implements ImageHeader {

  /** Bytes from {@code start} to before {@code end}. */
  record Span(int start, int end) {
    int length() {
      return end - start;
    }
  }

  /**
   * Bytes that a decode holds: the samples on the heap, and in native memory the coefficients of a
   * progressive picture, 16 bits each.
   */
  long frameBytes() {
    long samples = (long) width * height * colour.components();
    return progressive ? 3 * samples : samples;
  }

  @Override
  public ImageFormat format() {
    return ImageFormat.JPEG;
  }
}
