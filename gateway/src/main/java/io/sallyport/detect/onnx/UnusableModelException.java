package io.sallyport.detect.onnx;

/** A model's files cannot be used as its card says. The message is for the operator. */
final class UnusableModelException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong, lower case, without a final stop
   */
  UnusableModelException(String message) {
    super(message, null, false, false);
  }
}
