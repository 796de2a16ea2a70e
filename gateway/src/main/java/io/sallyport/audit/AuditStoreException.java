package io.sallyport.audit;

/**
 * Thrown when the log's files cannot be opened, locked or read. Its message is for operators: it
 * says which file, what is wrong and what to do.
 */
public final class AuditStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AuditStoreException(String message) {
    super(message);
  }

  AuditStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
