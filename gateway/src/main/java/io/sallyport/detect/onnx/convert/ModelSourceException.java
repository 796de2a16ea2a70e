package io.sallyport.detect.onnx.convert;

import java.io.IOException;

/**
 * What a model should be made from cannot be used: absent, malformed, too large, or not what was
 * pinned. The message is one line for the operator.
 */
public final class ModelSourceException extends IOException {
  private static final long serialVersionUID = 1L;

  ModelSourceException(String message) {
    super(message);
  }

  ModelSourceException(String message, Throwable cause) {
    super(message, cause);
  }
}
