package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;

/** The three ways in which foreign bytes fail to become a picture. Details never hold content. */
final class Failures {
  private Failures() {}

  /** Truncated, corrupt, or not what its magic claims. */
  static UnavailableException undecodable(String detail) {
    return new UnavailableException(Cause.UNDECODABLE, detail);
  }

  /** Perhaps valid, but nothing here judges all of what a viewer would show. */
  static UnavailableException unsupported(String detail) {
    return new UnavailableException(Cause.UNSUPPORTED, detail);
  }

  /** Beyond a cap of {@link ImageLimits}. */
  static UnavailableException tooLarge(String detail) {
    return new UnavailableException(Cause.TOO_LARGE, detail);
  }
}
