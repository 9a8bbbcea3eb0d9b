package io.countermand.audit;

import io.countermand.audit.check.AuditScope;
import io.countermand.audit.check.DeadLetterBook;
import io.countermand.audit.check.LeaseTimeline;
import io.countermand.audit.source.Range;
import io.countermand.domain.order.Evidence;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What was read, for the checks of one partition of the order-keyed topics. */
final class PartitionScope implements AuditScope {

  private final Range range;
  private final DeadLetterBook letters;
  private final LeaseTimeline leases;
  private Instant ledgerUntil = Instant.EPOCH;

  /** For what concerns no partition. */
  PartitionScope(Range range, DeadLetterBook letters) {
    this(range, letters, -1);
  }

  PartitionScope(Range range, DeadLetterBook letters, int partition) {
    this.range = range;
    this.letters = letters;
    this.leases = new LeaseTimeline(partition, at -> letters.of(at) != null);
  }

  @Override
  public LeaseTimeline leases() {
    return leases;
  }

  /** The ledger wrote something here at that time. */
  void ledgerWrote(long timestamp) {
    Instant at = Instant.ofEpochMilli(timestamp);
    ledgerUntil = at.isAfter(ledgerUntil) ? at : ledgerUntil;
  }

  @Override
  public Instant from() {
    return range.from;
  }

  @Override
  public Instant to() {
    return range.to;
  }

  @Override
  public boolean covers(Evidence at) {
    Range.Part part = range.part(at.topic(), at.partition());
    return part != null && at.offset() >= part.from() && at.offset() < part.to();
  }

  @Override
  public boolean has(String topic) {
    return range.topics.contains(topic);
  }

  @Override
  public boolean expired(Evidence at) {
    Range.Part part = range.part(at.topic(), at.partition());
    return part == null
        ? range.parts(at.topic()).isEmpty()
        : at.offset() >= 0 && at.offset() < part.kept();
  }

  @Override
  public boolean took(String topic, Instant written) {
    return range.took(topic, written);
  }

  @Override
  public boolean fromTheFirst(String topic, int partition) {
    Range.Part part = range.part(topic, partition);
    return part != null && part.from() == 0;
  }

  @Override
  public Instant horizon() {
    return range.horizon;
  }

  @Override
  public Instant ledgerUntil() {
    return ledgerUntil;
  }

  @Override
  public @Nullable String deadLetter(Evidence at) {
    DeadLetterBook.Letter letter = letters.of(at);
    return letter == null ? null : letter.reason();
  }
}
