package io.countermand.audit.check;

import io.countermand.domain.order.Evidence;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** All was read, and nothing is missing. */
public class Everything implements AuditScope {

  private final Instant horizon;

  /**
   * @param horizon what is due before it is missed if it is not there
   */
  public Everything(Instant horizon) {
    this.horizon = horizon;
  }

  @Override
  public Instant horizon() {
    return horizon;
  }

  @Override
  public Instant from() {
    return Instant.EPOCH;
  }

  @Override
  public Instant to() {
    return Instant.MAX;
  }

  @Override
  public boolean covers(Evidence at) {
    return true;
  }

  @Override
  public boolean expired(Evidence at) {
    return false;
  }

  @Override
  public boolean fromTheFirst(String topic, int partition) {
    return true;
  }

  @Override
  public Instant ledgerUntil() {
    return horizon;
  }

  @Override
  public @Nullable String deadLetter(Evidence at) {
    return null;
  }
}
