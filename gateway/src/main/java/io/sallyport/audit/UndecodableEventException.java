package io.sallyport.audit;

/** Thrown when bytes are not the canonical form of any event. Its message never quotes them. */
public final class UndecodableEventException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UndecodableEventException(String message) {
    super(message, null, false, false);
  }
}
