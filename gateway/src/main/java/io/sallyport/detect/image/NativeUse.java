package io.sallyport.detect.image;

import io.sallyport.detect.image.ffm.Use;

/**
 * Whether libraries of the machine decode, by format.
 *
 * @param png libdeflate, for inflating only
 * @param jpeg libjpeg-turbo
 * @param webp libwebp
 * @param avif libavif
 */
public record NativeUse(Use png, Use jpeg, Use webp, Use avif) {
  /** Each when it is there and new enough. */
  public static final NativeUse AUTO = new NativeUse(Use.AUTO, Use.AUTO, Use.AUTO, Use.AUTO);

  /** None; AVIF is then unsupported. */
  public static final NativeUse OFF = new NativeUse(Use.OFF, Use.OFF, Use.OFF, Use.OFF);

  /** Each whatever its version. */
  public static final NativeUse TRUST = new NativeUse(Use.TRUST, Use.TRUST, Use.TRUST, Use.TRUST);
}
