package io.sallyport.detect.remote;

import io.sallyport.detect.AwaitedDetector;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What a failed call means. Names classes, never messages: those may quote what was sent. */
final class Failures {
  private static final int DEPTH_MAX = 8;

  private Failures() {}

  /**
   * {@code TIMEOUT} when time ran out, what our own reader said, and {@code CRASH} for every other
   * end of a connection.
   */
  static UnavailableException of(Throwable thrown) {
    @Nullable Throwable one = AwaitedDetector.unwrap(thrown);
    for (int depth = 0; one != null && depth < DEPTH_MAX; depth++) {
      switch (one) {
        case UnavailableException known -> {
          return known;
        }
        case HttpConnectTimeoutException slow -> {
          return new UnavailableException(Cause.TIMEOUT, "the remote takes no connection in time");
        }
        case HttpTimeoutException slow -> {
          return new UnavailableException(Cause.TIMEOUT, "the remote has not answered in time");
        }
        case SSLException untrusted -> {
          return new UnavailableException(Cause.CRASH, "the remote's TLS is not trusted");
        }
        case ConnectException refused -> {
          return new UnavailableException(Cause.CRASH, "the remote cannot be reached");
        }
        case Throwable other -> one = other.getCause();
      }
    }
    return new UnavailableException(
        Cause.CRASH, "the call failed: " + AwaitedDetector.unwrap(thrown).getClass().getName());
  }
}
