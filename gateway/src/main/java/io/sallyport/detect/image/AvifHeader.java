package io.sallyport.detect.image;

import java.util.Set;

/**
 * What the boxes of a still AVIF say (AV1 Image File Format 1.1; ISO/IEC 23008-12).
 *
 * <p>For a decoder: it must give {@code width * height} pixels as stored, before rotation and
 * mirroring, and refuse a coded picture of any other size; {@code orientations} are applied
 * afterwards.
 *
 * @param width of the primary item as its {@code ispe} says
 * @param height likewise
 * @param depth bits a sample: 8, 10 or 12
 * @param alpha whether there is an auxiliary plane, as that of alpha is
 * @param orientations the one that {@code irot} and {@code imir} make; Exif does not count in AVIF
 */
record AvifHeader(int width, int height, int depth, boolean alpha, Set<Orientation> orientations)
    implements ImageHeader {

  @Override
  public ImageFormat format() {
    return ImageFormat.AVIF;
  }
}
