package io.countermand.audit.check;

import io.countermand.domain.order.Evidence;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What was read, as far as a check must know it. */
public interface AuditScope {

  /** Cancels that started in [from, to) are judged; others are read for what they tell of these. */
  Instant from();

  Instant to();

  /** Whether a record there would have been read, if it were there. */
  boolean covers(Evidence at);

  /** Whether Kafka's retention took what stood there. */
  boolean expired(Evidence at);

  /** Whether Kafka's retention may have taken what was written to the topic then. */
  default boolean took(String topic, Instant written) {
    return false;
  }

  /** Whether nothing of the partition was left out before what was read. */
  boolean fromTheFirst(String topic, int partition);

  /** Newest time seen anywhere: what is due long before it is overdue. */
  Instant horizon();

  /** Kafka time of the ledger's last record for this partition of the order-keyed topics. */
  Instant ledgerUntil();

  /** Why a record was given up; null: it was not. */
  @Nullable String deadLetter(Evidence at);

  /** Whether there is such a topic: an archive of an older version may lack one. */
  default boolean has(String topic) {
    return true;
  }

  /** The desks' leases in the partition at hand. */
  default LeaseTimeline leases() {
    return new LeaseTimeline(-1, at -> deadLetter(at) != null);
  }

  default boolean judged(Instant started) {
    return !started.isBefore(from()) && started.isBefore(to());
  }
}
