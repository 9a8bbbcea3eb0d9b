package io.countermand.kafka.deadletter;

/** A value whose schema is not known here, and may be later. Ours to wait out. */
public final class NotReadableYet extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean denied;

  /**
   * @param denied the registry answers that it does not know the id; else it cannot be asked
   */
  NotReadableYet(String message, boolean denied) {
    super(message, null, false, false);
    this.denied = denied;
  }

  boolean denied() {
    return denied;
  }
}
