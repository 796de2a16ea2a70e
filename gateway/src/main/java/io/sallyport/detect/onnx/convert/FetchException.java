package io.sallyport.detect.onnx.convert;

import java.io.IOException;
import java.util.Set;

/** A package could not be got. The message is one line for the operator. */
public final class FetchException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Error codes of npm and Node.js that mean: no way to the registry. */
  private static final Set<String> NETWORK_CODES =
      Set.of(
          "EAI_AGAIN",
          "ECONNREFUSED",
          "ECONNRESET",
          "EHOSTUNREACH",
          "ENETUNREACH",
          "ENOTFOUND",
          "ERR_SOCKET_TIMEOUT",
          "ETIMEDOUT");

  /** Why there is no package. */
  public enum Reason {
    /** The command npm is not on this machine. */
    NO_NPM,
    /** The registry does not answer. */
    UNREACHABLE,
    /** Everything else, such as a registry without the package or a full disk. */
    REFUSED
  }

  private final Reason reason;

  FetchException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  static Reason reasonOf(String npmErrorCode) {
    return NETWORK_CODES.contains(npmErrorCode) ? Reason.UNREACHABLE : Reason.REFUSED;
  }

  /** Why there is no package. */
  public Reason reason() {
    return reason;
  }
}
