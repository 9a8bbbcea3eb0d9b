package io.countermand.ledger;

import io.countermand.codec.ProgressCodec;
import io.countermand.domain.Cancel;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.lifecycle.OpenCancel;
import io.countermand.domain.lifecycle.OrderLedger;
import io.countermand.domain.order.Evidence;
import io.countermand.kafka.streams.Alarm;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Cancels that a desk refused, and whose outcomes are held back only since another may have called
 * for them under its lease. Once the log rules that out, a timer is written for each, and the
 * outcome follows when it is read back: what the ledger decides stands at a record of that order,
 * so that an audit decides the same there. What the log never rules out waits for its deadline.
 *
 * <p>In memory only: the stores say the same after a restart. For the task's own thread.
 */
final class HeldRefusals {

  /** After a record of a lease, so that those behind it are read, too. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  /**
   * A timer that was written and not read back by then is written again, each time twice as late.
   */
  private static final Duration AGAIN = Duration.ofSeconds(10);

  private static final Duration AT_MOST = Duration.ofMinutes(5);

  private static final int MOST_PER_ROUND = 1000;

  /**
   * One of them.
   *
   * @param next no timer is written for it before
   * @param again how long behind that one another is
   */
  private record Held(Cancel cancel, Instant next, Duration again) {

    private Held written(Instant now) {
      Duration later = again.multipliedBy(2);
      return new Held(cancel, now.plus(again), later.compareTo(AT_MOST) < 0 ? later : AT_MOST);
    }
  }

  private final ProcessorContext<?, ?> context;
  private final Effects out;
  private final LedgerStores books;
  private final String by;
  private final Alarm alarm;
  private final Map<String, Map<String, Held>> byKey = new HashMap<>();

  HeldRefusals(ProcessorContext<?, ?> context, Effects out, LedgerStores books, String by) {
    this.context = context;
    this.out = out;
    this.books = books;
    this.by = by;
    this.alarm = new Alarm(context, this::look);
  }

  /** The order has changed, or was found in the store. */
  void changed(String key, OrderLedger ledger) {
    Map<String, Held> before = byKey.remove(key);
    Map<String, Held> held = null;
    for (OpenCancel open : ledger.open()) {
      if (open.heldBack()) {
        held = held == null ? new HashMap<>() : held;
        Held known = before == null ? null : before.get(open.id());
        held.put(open.id(), known == null ? new Held(open.cancel(), Instant.MIN, AGAIN) : known);
      }
    }
    if (held != null) {
      byKey.put(key, held);
      soon();
    }
  }

  /** A record is read, for the first time. */
  void heard(Record<byte[], byte[]> record, Evidence at) {
    if (books.leases().heard(record, at) && !byKey.isEmpty()) {
      soon();
    }
  }

  /** What a record says could be read. */
  void read(Record<byte[], byte[]> record, List<? extends LedgerEvent> events) {
    if (books.leases().read(record, events) && !byKey.isEmpty()) {
      soon();
    }
  }

  private void soon() {
    alarm.noLaterThan(Instant.ofEpochMilli(context.currentSystemTimeMs()).plus(PAUSE));
  }

  /** Which its owner sets for once at the beginning, and cancels at the end. */
  Alarm alarm() {
    return alarm;
  }

  /** Answers when to look again, if no lease is heard of before. */
  private Instant look(Instant now) {
    Instant next = Instant.MAX;
    int left = MOST_PER_ROUND;
    for (Map.Entry<String, Map<String, Held>> of : byKey.entrySet()) {
      for (Map.Entry<String, Held> each : of.getValue().entrySet()) {
        Held held = each.getValue();
        if (!books.leases().rulesOut(held.cancel())) {
          continue;
        }
        if (!held.next().isAfter(now)) {
          if (left-- <= 0) {
            return now.plus(PAUSE);
          }
          held = held.written(now);
          each.setValue(held);
          out.send(Topics.PROGRESS, of.getKey(), ProgressCodec.timer(held.cancel(), now, now, by));
        }
        next = held.next().isBefore(next) ? held.next() : next;
      }
    }
    return next;
  }
}
