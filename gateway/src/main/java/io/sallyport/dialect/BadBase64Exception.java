package io.sallyport.dialect;

/** Thrown for base64 that decoders read differently, or not at all. Carries no stack trace. */
public final class BadBase64Exception extends Exception {
  private static final long serialVersionUID = 1L;

  BadBase64Exception() {
    super("not canonical base64", null, false, false);
  }
}
