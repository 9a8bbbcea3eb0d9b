package io.countermand.audit.check;

import io.countermand.codec.ProgressCodec;
import io.countermand.domain.Cancel;
import io.countermand.domain.lease.Lease;
import io.countermand.domain.lease.Leases;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import io.countermand.events.CancelProgress;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.kafka.ownership.LeaseRecords;
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
import org.jspecify.annotations.Nullable;

/**
 * The desks' leases in one partition of cancel-progress, read once in the order of the log: which
 * cancels they left open, from which record to which. What is kept grows with these, not with all.
 */
public final class LeaseTimeline {

  /** A lease's record that comes late may cover intents that were decided before. */
  private static final int MOST_RECENT = 1 << 16;

  /** A cancel that a desk may have called under a lease, though the log does not say so. */
  private static final class OpenCall {
    private final long lease;
    private final String venue;
    private final long from;
    private long until = Long.MAX_VALUE;

    OpenCall(long lease, String venue, long from) {
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

  /** Venues of the intents of which something was read, the last of them. */
  private final NavigableMap<Long, String> recent = new TreeMap<>();

  /** By the intent's offset. */
  private final NavigableMap<Long, List<OpenCall>> doubts = new TreeMap<>();

  /** Those that nothing has ruled out yet, by lease and the intent's offset. */
  private final Map<Long, Map<Long, OpenCall>> open = new HashMap<>();

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
      read(place, at, LeaseRecords.venue(record.key()), appended);
    }
    if (!leases.none() // else no record matters
        && decoder.decode(record.topic(), record.value())
            instanceof Decoded.Ok<CancelProgress>(CancelProgress value)) {
      if (place != null && !dead.test(at)) {
        known(place, at.offset());
      }
      ProgressCodec.events(value, at).forEach(event -> read(event, at));
    }
    return false;
  }

  void read(Lease lease, long offset, Instant appended) {
    long covered =
        leases.held().stream()
            .filter(one -> one.id() == lease.id())
            .mapToLong(Leases.Held::to)
            .findFirst()
            .orElse(lease.fromOffset());
    leases = leases.read(lease, appended);
    if (!lease.ended()) {
      covers
          .computeIfAbsent(
              lease.id(), _ -> new Cover(lease.venues(), lease.fromOffset(), new TreeMap<>()))
          .to()
          .putIfAbsent(lease.toOffset(), appended);
    }
    ruleOut(lease.id(), offset);
    if (lease.toOffset() > covered) {
      doubtAgain(covered, lease.toOffset(), offset);
    }
  }

  /**
   * A decision or a marker stands in the log; a marker that nobody could read tells nothing of its
   * own intent.
   *
   * @param venue of its order; null: not known
   */
  void read(Lease.Place place, Evidence at, @Nullable String venue, Instant appended) {
    leases = leases.decided(place, appended);
    if (dead.test(at)) {
      leases = leases.unreadable(place, venue, appended);
    }
    if (venue != null) {
      seen(venue, place.intent());
    }
    ruleOut(place.lease(), at.offset());
    doubtAgain(place.intent(), place.intent() + 1, at.offset());
  }

  /**
   * What a record says.
   *
   * @param at where it stands in cancel-progress
   */
  void read(LedgerEvent.OfCancel event, Evidence at) {
    Cancel cancel = event.cancel();
    if (!here(cancel)) {
      return;
    }
    String venue = cancel.order().venue();
    long intent = cancel.intent().offset();
    if (!dead.test(at)) {
      known(event, intent, at.offset());
    }
    seen(venue, intent);
    doubtAgain(intent, intent + 1, at.offset());
  }

  private void known(LedgerEvent.OfCancel event, long intent, long offset) {
    Leases before = leases;
    if (event instanceof LedgerEvent.Started said) {
      leases = leases.known(intent, said.attemptId());
    } else if (event instanceof LedgerEvent.Replied said) {
      leases = leases.known(intent, said.attemptId());
    }
    ruleOut(before, intent, offset);
  }

  /** A record that was a dead letter, perhaps, and was sent once more, could be read. */
  void known(Lease.Place place, long offset) {
    Leases before = leases;
    leases = leases.known(place);
    ruleOut(before, place.intent(), offset);
  }

  private void ruleOut(Leases before, long intent, long offset) {
    if (!leases.equals(before)) {
      doubts.getOrDefault(intent, List.of()).forEach(doubt -> ruleOut(doubt.lease, offset));
    }
  }

  private void seen(String venue, long intent) {
    recent.put(intent, venue);
    if (recent.size() > MOST_RECENT) {
      recent.pollFirstEntry();
    }
  }

  private void doubt(long lease, String venue, long intent, long offset) {
    Map<Long, OpenCall> its = open.computeIfAbsent(lease, _ -> new HashMap<>());
    if (!its.containsKey(intent)) {
      var doubt = new OpenCall(lease, venue, offset);
      its.put(intent, doubt);
      doubts.computeIfAbsent(intent, _ -> new ArrayList<>(1)).add(doubt);
    }
  }

  /** The ledger looks at some by records of the order's other cancels, too. */
  private void doubtAgain(long from, long to, long offset) {
    recent
        .subMap(from, to)
        .forEach(
            (intent, venue) -> {
              for (long lease : leases.mayHaveCalled(venue, intent)) {
                doubt(lease, venue, intent, offset);
              }
            });
  }

  private void ruleOut(long lease, long offset) {
    Map<Long, OpenCall> its = open.get(lease);
    if (its == null) {
      return;
    }
    its.entrySet()
        .removeIf(
            each -> {
              OpenCall doubt = each.getValue();
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
    List<OpenCall> its = here(cancel) ? doubts.get(cancel.intent().offset()) : null;
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
    List<OpenCall> its = here(cancel) ? doubts.get(cancel.intent().offset()) : null;
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
