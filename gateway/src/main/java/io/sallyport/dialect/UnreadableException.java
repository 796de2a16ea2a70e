package io.sallyport.dialect;

/**
 * Ends the reading of a body at its first defect. Never leaves the room; carries no stack trace.
 */
final class UnreadableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Defect defect;

  UnreadableException(Defect defect) {
    super(defect.wire(), null, false, false);
    this.defect = defect;
  }

  Defect defect() {
    return defect;
  }
}
