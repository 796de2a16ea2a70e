package io.sallyport.cli;

/** Something that the user can mend, told in one line. */
final class UserException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UserException(String message) {
    super(message);
  }
}
