package io.countermand.audit.source;

/** Something that keeps an audit, archive or replay from its end; the message says what to do. */
public final class AuditException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  public AuditException(String message, Throwable cause) {
    super(hint(message, cause), cause);
  }

  AuditException(String message) {
    super(message);
  }

  private static String hint(String message, Throwable cause) {
    String all = message + " " + cause.getMessage();
    return all.contains("No space left") || all.contains("disk full") || all.contains("ENOSPC")
        ? message + "; the disk is full: free some space or name another directory"
        : message;
  }
}
