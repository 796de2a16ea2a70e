package io.sallyport.demo;

/** A request that the service answers with an error. Carries no stack trace. */
final class ServiceException extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String param;

  /**
   * @param status the HTTP status
   * @param param the request's field that is wrong, or empty
   */
  ServiceException(int status, String param, String message) {
    super(message, null, false, false);
    this.status = status;
    this.param = param;
  }

  int status() {
    return status;
  }

  String param() {
    return param;
  }
}
