package io.countermand.ledger;

import io.countermand.codec.StateCodec;
import io.countermand.domain.Cancel;
import io.countermand.domain.lease.Lease;
import io.countermand.domain.lease.Leases;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import io.countermand.kafka.deadletter.Parking;
import io.countermand.kafka.deadletter.TaskInbox;
import io.countermand.kafka.ownership.LeaseRecords;
import io.countermand.kafka.store.LateStore;
import io.countermand.platform.Topics;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What the desks' leases leave open in one partition, by the order of the log: leases and the
 * places of decisions are heard of each record as it is read, whether its value can be read or not.
 * A record that is put off keeps what was open where it stands, and is judged by that later. So the
 * ledger says what an audit finds that reads the log once.
 */
final class OpenLeases {

  /** No order key is that. */
  private static final String KEY = "\u0000leases";

  /** Of a record that was put off: what was open there. */
  private static final String THERE = "countermand-leases";

  private final LateStore store;
  private final int partition;
  private Leases leases;

  /** The record of the progress that was heard last. */
  private @Nullable Evidence last;

  OpenLeases(KeyValueStore<String, byte[]> store, int partition) {
    this.store = LateStore.of(store);
    this.partition = partition;
    byte[] kept = store.get(KEY);
    this.leases = kept == null ? Leases.NONE : StateCodec.leases(kept);
  }

  /**
   * A record is read, for the first time.
   *
   * @return whether it says something of a lease
   */
  boolean heard(Record<byte[], byte[]> record, Evidence at) {
    if (!at.topic().equals(Topics.PROGRESS)) {
      return false;
    }
    last = at;
    Lease lease = LeaseRecords.read(record.value(), record.headers());
    Lease.Place place = LeaseRecords.place(record.value(), record.headers());
    if (lease != null) {
      keep(leases.read(lease, appended(record)));
    } else if (place != null) {
      keep(leases.decided(place, appended(record)));
    }
    return lease != null || place != null;
  }

  /** A record went to dead letters: one with a place tells nothing of its own intent. */
  void givenUp(Record<byte[], byte[]> record, Evidence at) {
    Lease.Place place =
        at.topic().equals(Topics.PROGRESS)
            ? LeaseRecords.place(record.value(), record.headers())
            : null;
    if (place != null) {
      String venue = LeaseRecords.venue(record.key());
      keep(leases.unreadable(place, venue, appended(record)));
    }
  }

  /**
   * What a record says, which could be read: a call that it tells of is known.
   *
   * @return whether a marker of it had gone to dead letters
   */
  boolean read(Record<byte[], byte[]> record, List<? extends LedgerEvent> events) {
    Leases before = leases;
    if (before.unreadable().isEmpty()) {
      return false;
    }
    Lease.Place place = LeaseRecords.place(record.value(), record.headers());
    if (place != null) {
      keep(leases.known(place));
    }
    for (LedgerEvent event : events) {
      Leases next = leases;
      if (event instanceof LedgerEvent.Started said && here(said.cancel())) {
        next = leases.known(said.cancel().intent().offset(), said.attemptId());
      } else if (event instanceof LedgerEvent.Replied said && here(said.cancel())) {
        next = leases.known(said.cancel().intent().offset(), said.attemptId());
      }
      keep(next);
    }
    return !leases.equals(before);
  }

  /**
   * @return what reads the same, and finds out later what was open where a record stands
   */
  Parking.Reader keeping(Parking.Reader reader) {
    return new Parking.Reader() {
      @Override
      public void read(Record<byte[], byte[]> record, Evidence at, TaskInbox.Effort effort) {
        reader.read(record, at, effort);
      }

      @Override
      public Record<byte[], byte[]> later(Record<byte[], byte[]> record, Evidence at) {
        if (!at.topic().equals(Topics.PROGRESS)) {
          return record;
        }
        var headers = new RecordHeaders(record.headers());
        Leases there = new Leases(leases.held(), List.of());
        headers.remove(THERE).add(THERE, StateCodec.bytes(there));
        return record.withHeaders(headers);
      }
    };
  }

  /**
   * What was open where a record of the progress stands. Of what the log says behind it only this
   * counts, that nobody could read a decision that stands before.
   */
  Leases there(Record<byte[], byte[]> record, Evidence at) {
    boolean late = at.topic().equals(Topics.PROGRESS) && !at.equals(last);
    Header kept = late ? record.headers().lastHeader(THERE) : null;
    return kept == null ? leases : StateCodec.leases(kept.value()).seenFrom(leases);
  }

  /** Whether no lease leaves open, after what was read last, that a desk may have called for it. */
  boolean rulesOut(Cancel cancel) {
    return mayHaveCalled(cancel, leases).isEmpty();
  }

  /**
   * Leases under which a desk may have called for a cancel, though no record says so.
   *
   * @param known what is known of them
   */
  List<Long> mayHaveCalled(Cancel cancel, Leases known) {
    return here(cancel)
        ? known.mayHaveCalled(cancel.order().venue(), cancel.intent().offset())
        : List.of();
  }

  private boolean here(Cancel cancel) {
    return cancel.intent().partition() == partition
        && cancel.intent().topic().equals(Topics.INTENTS);
  }

  /** As {@link Leases#forget}. */
  void forget(Instant since, long read, Supplier<@Nullable List<Long>> live) {
    keep(leases.forget(since, read, live));
  }

  private void keep(Leases next) {
    if (!next.equals(leases)) {
      leases = next;
      store.put(KEY, Leases.class, next, StateCodec::bytes);
    }
  }

  private static Instant appended(Record<byte[], byte[]> record) {
    return Instant.ofEpochMilli(record.timestamp());
  }
}
