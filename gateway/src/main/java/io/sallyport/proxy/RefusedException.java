package io.sallyport.proxy;

/** Ends an exchange with a refusal. Carries no stack trace: refusals are normal and frequent. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient RefusalReason reason;

  RefusedException(RefusalReason reason) {
    super(reason.label(), null, false, false);
    this.reason = reason;
  }

  RefusalReason reason() {
    return reason;
  }
}
