package io.countermand.audit.check;

import io.countermand.codec.ProgressCodec;
import io.countermand.domain.Cancel;
import io.countermand.domain.Evidence;
import io.countermand.domain.LedgerEvent;
import io.countermand.domain.lease.Lease;
import io.countermand.domain.lease.Leases;
import io.countermand.events.CancelProgress;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.kafka.LeaseRecords;
import io.countermand.platform.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The desks' leases in one partition of cancel-progress, read once in the order of the log: which
 * cancels they left open, from which record to which. What is kept grows with these, not with all.
 */
public final class LeaseTimeline {

  /** A cancel that a desk may have called under a lease, though the log does not say so. */
  private static final class Doubt {
    private final long lease;
    private final String venue;
    private final long from;
    private long until = Long.MAX_VALUE;

    Doubt(long lease, String venue, long from) {
      this.lease = lease;
      this.venue = venue;
      this.from = from;
    }
  }

  /**
   * What a lease covers: as long as it is renewed, to ever later offsets.
   *
   * @param to the first offset that it does not cover, and when that was written
   */
  private record Cover(Set<String> venues, long from, TreeMap<Long, Instant> to) {

    boolean covers(String venue, long intent, Instant by) {
      Map.Entry<Long, Instant> first = intent < from ? null : to.higherEntry(intent);
      return first != null
          && first.getValue().isBefore(by)
          && (venues.isEmpty() || venues.contains(venue));
    }
  }

  private final int partition;
  private final Predicate<Evidence> dead;
  private Leases leases = Leases.NONE;
  private final Map<Long, Cover> covers = new HashMap<>();

  /** By the intent's offset. */
  private final NavigableMap<Long, List<Doubt>> doubts = new TreeMap<>();

  /** Those that nothing has ruled out yet, by lease and the intent's offset. */
  private final Map<Long, Map<Long, Doubt>> open = new HashMap<>();

  /**
   * @param dead whether a record went to dead letters
   */
  public LeaseTimeline(int partition, Predicate<Evidence> dead) {
    this.partition = partition;
    this.dead = dead;
  }

  /**
   * Works a record in.
   *
   * @return whether it is a lease, and no order's
   */
  public boolean read(ConsumerRecord<byte[], byte[]> record, EventDecoder<CancelProgress> decoder) {
    Instant appended = Instant.ofEpochMilli(record.timestamp());
    Lease lease = LeaseRecords.read(record.value(), record.headers());
    if (lease != null) {
      read(lease, record.offset(), appended);
      return true;
    }
    var at = new Evidence(record.topic(), record.partition(), record.offset());
    Lease.Place place = LeaseRecords.place(record.value(), record.headers());
    if (place != null) {
      read(place, at, appended);
    }
    if (!leases.none() // else no record matters
        && decoder.decode(record.topic(), record.value())
            instanceof Decoded.Ok<CancelProgress>(CancelProgress value)) {
      read(ProgressCodec.events(value, at).getFirst(), record.offset());
    }
    return false;
  }

  void read(Lease lease, long offset, Instant appended) {
    leases = leases.read(lease, appended);
    if (!lease.ended()) {
      covers
          .computeIfAbsent(
              lease.id(), _ -> new Cover(lease.venues(), lease.fromOffset(), new TreeMap<>()))
          .to()
          .putIfAbsent(lease.toOffset(), appended);
    }
    ruleOut(lease.id(), offset);
    doubtAgain(lease.id(), lease.fromOffset(), lease.toOffset(), offset);
  }

  /** A decision stands in the log; one that nobody could read tells nothing of its own intent. */
  void read(Lease.Place place, Evidence at, Instant appended) {
    leases = leases.decided(place, appended);
    if (dead.test(at)) {
      leases = leases.unreadable(place, appended);
    }
    ruleOut(place.lease(), at.offset());
    doubtAgain(place.lease(), place.intent(), place.intent() + 1, at.offset());
  }

  /**
   * @param offset in cancel-progress
   */
  void read(LedgerEvent.OfCancel event, long offset) {
    Cancel cancel = event.cancel();
    if (!here(cancel)) {
      return;
    }
    String venue = cancel.order().venue();
    long intent = cancel.intent().offset();
    for (long lease : leases.mayHaveCalled(venue, intent)) {
      doubt(lease, venue, intent, offset);
    }
  }

  private void doubt(long lease, String venue, long intent, long offset) {
    Map<Long, Doubt> its = open.computeIfAbsent(lease, _ -> new HashMap<>());
    if (!its.containsKey(intent)) {
      var doubt = new Doubt(lease, venue, offset);
      its.put(intent, doubt);
      doubts.computeIfAbsent(intent, _ -> new ArrayList<>(1)).add(doubt);
    }
  }

  /** Of what is in doubt the ledger looks again by records of the order's other cancels, too. */
  private void doubtAgain(long lease, long from, long to, long offset) {
    doubts
        .subMap(from, to)
        .forEach(
            (intent, its) -> {
              String venue = its.getFirst().venue;
              if (leases.mayHaveCalled(venue, intent).contains(lease)) {
                doubt(lease, venue, intent, offset);
              }
            });
  }

  private void ruleOut(long lease, long offset) {
    Map<Long, Doubt> its = open.get(lease);
    if (its == null) {
      return;
    }
    its.entrySet()
        .removeIf(
            each -> {
              Doubt doubt = each.getValue();
              boolean still = leases.mayHaveCalled(doubt.venue, each.getKey()).contains(lease);
              if (!still) {
                doubt.until = offset;
              }
              return !still;
            });
  }

  private boolean here(Cancel cancel) {
    return cancel.intent().partition() == partition
        && cancel.intent().topic().equals(Topics.INTENTS);
  }

  /**
   * Leases under which a cancel may have been called, as far as the log said up to a record.
   *
   * @param offset of that record in cancel-progress
   */
  public List<Long> mayHaveCalled(Cancel cancel, long offset) {
    List<Doubt> its = here(cancel) ? doubts.get(cancel.intent().offset()) : null;
    return its == null
        ? List.of()
        : its.stream()
            .filter(one -> one.from <= offset && offset < one.until)
            .map(one -> one.lease)
            .sorted()
            .toList();
  }

  /** Whether a lease ever left open whether the cancel was called. */
  boolean doubted(Cancel cancel, long lease) {
    List<Doubt> its = here(cancel) ? doubts.get(cancel.intent().offset()) : null;
    return its != null && its.stream().anyMatch(one -> one.lease == lease);
  }

  /**
   * Whether a decision on the cancel may be among those that a desk took with it: a lease covers
   * it, and what the log has of that lease's decisions has no gap, and ends before.
   */
  boolean lacks(Cancel cancel) {
    long intent = cancel.intent().offset();
    return covered(cancel, cancel.deadline())
        && leases.held().stream().anyMatch(one -> one.endsBefore(intent));
  }

  /** Whether a lease that stood in the log before {@code by} covered the cancel. */
  public boolean covered(Cancel cancel, Instant by) {
    if (!here(cancel)) {
      return false;
    }
    long intent = cancel.intent().offset();
    String venue = cancel.order().venue();
    return covers.values().stream().anyMatch(one -> one.covers(venue, intent, by));
  }
}
