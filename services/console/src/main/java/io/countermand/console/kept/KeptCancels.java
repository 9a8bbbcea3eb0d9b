package io.countermand.console.kept;

import io.countermand.client.EventRecord;
import io.countermand.events.Cancel;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelProgress;
import io.countermand.events.OrderKey;
import io.countermand.events.OutcomeFinding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * The newest cancels and their records, bounded in number and in bytes; the oldest go first, and a
 * record of one that went does not bring it back. Thread-safe.
 */
public final class KeptCancels {

  private static final int RECENT = 4_000;

  private final int most;
  private final long mostBytes;
  private final CancelRates pace;
  private final Map<String, CancelLife> lives = new HashMap<>();
  private final Tally tally;
  private final NavigableMap<Tally.Age, String> byAge = new TreeMap<>();
  private final Deque<CancelLife> recent = new ArrayDeque<>();
  private final long start = System.nanoTime();
  private long bytes;
  private long answered;
  private long gone;
  private Instant horizon = Instant.MIN;

  /**
   * @param most cancels
   * @param mostBytes of heap, roughly
   * @param pace hears of each
   * @param grace how long after its deadline an outcome may come before it is late
   */
  public KeptCancels(int most, long mostBytes, CancelRates pace, Duration grace) {
    this.tally = new Tally(grace);
    this.most = most;
    this.mostBytes = mostBytes;
    this.pace = pace;
  }

  /**
   * What has got its outcome.
   *
   * @param mark to ask with next time
   * @param lost came and went between
   */
  public record News(String mark, List<CancelLife> lives, long lost) {}

  /**
   * One that cannot be answered is a dead letter, and one that lacks a part of its order is told of
   * by who refuses it: alone it would stay open here.
   */
  public void intent(EventRecord<CancelIntent> record) {
    CancelIntent intent = record.value();
    if (!AnsweredIds.can(intent.getCancelId())
        || intent.getVenue().isBlank()
        || intent.getAccount().isBlank()
        || intent.getOrderId().isBlank()) {
      return;
    }
    OrderKey order = AnsweredIds.as(intent);
    pace.intent(record.time(), order.venue());
    put(
        CancelLife.of(
            order.key(),
            intent.getCancelId(),
            order.venue(),
            order.account(),
            order.orderId(),
            record.time()),
        CancelRecord.of(record, intent, null),
        null);
  }

  public void progress(EventRecord<CancelProgress> record) {
    CancelProgress progress = record.value();
    put(
        progress.getCancel(),
        CancelRecord.of(record, (SpecificRecord) progress.getWhat(), progress.getBy()));
  }

  public void outcome(EventRecord<CancelOutcome> record) {
    pace.outcome(record.value());
    tell(put(record.value().getCancel(), CancelRecord.of(record, record.value(), null)));
  }

  public void finding(EventRecord<OutcomeFinding> record) {
    put(record.value().getCancel(), CancelRecord.of(record, record.value(), null));
  }

  private CancelLife put(Cancel cancel, CancelRecord step) {
    return put(
        CancelLife.of(
            key(cancel),
            cancel.getCancelId(),
            cancel.getVenue(),
            cancel.getAccount(),
            cancel.getOrderId(),
            cancel.getReceivedAt()),
        step,
        cancel.getDeadline());
  }

  /** Also where a part is missing, which is refused as malformed. */
  static String key(Cancel cancel) {
    return cancel.getVenue().isBlank()
            || cancel.getAccount().isBlank()
            || cancel.getOrderId().isBlank()
        ? OrderKey.encode(cancel.getVenue())
            + '/'
            + OrderKey.encode(cancel.getAccount())
            + '/'
            + OrderKey.encode(cancel.getOrderId())
        : OrderKey.of(cancel).key();
  }

  /** With this record, kept or older than all that are. */
  private synchronized CancelLife put(
      CancelLife fresh, CancelRecord step, @Nullable Instant deadline) {
    String name = name(fresh.order(), fresh.cancelId());
    CancelLife known = lives.get(name);
    CancelLife before = known;
    if (before == null) {
      if (!fresh.received().isAfter(horizon)) {
        return fresh.with(step, deadline); // told of all the same: a live view counts on it
      }
      before = fresh;
      byAge.put(new Tally.Age(fresh.received(), name), name);
    } else {
      bytes -= before.weight();
    }
    CancelLife after = before.with(step, deadline);
    lives.put(name, after);
    tally.change(name, known, after);
    bytes += after.weight();
    while (lives.size() > most || (bytes > mostBytes && lives.size() > 1)) {
      dropOldest();
    }
    return after;
  }

  private void dropOldest() {
    Map.Entry<Tally.Age, String> oldest = byAge.pollFirstEntry();
    CancelLife dropped = lives.remove(oldest.getValue());
    tally.change(oldest.getValue(), dropped, null);
    bytes -= dropped == null ? 0 : dropped.weight();
    horizon = oldest.getKey().time();
    gone++;
  }

  private synchronized void tell(CancelLife life) {
    recent.addLast(life);
    answered++;
    if (recent.size() > RECENT) {
      recent.removeFirst();
    }
  }

  /** What is told from now on comes {@link #since} this. */
  public synchronized String mark() {
    return start + "-" + answered;
  }

  /**
   * @param mark as given by this store; any other text, or null: from now on
   */
  public synchronized News since(@Nullable String mark) {
    long from = number(mark);
    if (from < 0 || from >= answered) {
      return new News(mark(), List.of(), 0);
    }
    long first = answered - recent.size();
    List<CancelLife> news = new ArrayList<>();
    long at = first;
    for (CancelLife each : recent) {
      if (at++ >= from) {
        news.add(each);
      }
    }
    return new News(mark(), news, Math.max(0, first - from));
  }

  private long number(@Nullable String mark) {
    String mine = start + "-";
    try {
      return mark != null && mark.startsWith(mine)
          ? Long.parseLong(mark.substring(mine.length()))
          : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  public synchronized Optional<CancelLife> find(String order, String cancelId) {
    return Optional.ofNullable(lives.get(name(order, cancelId)));
  }

  /** Newest first. */
  public List<CancelLife> newest(Predicate<CancelLife> wanted, int atMost) {
    return all().stream().filter(wanted).limit(atMost).toList();
  }

  /** Newest first. */
  public synchronized List<CancelLife> all() {
    List<CancelLife> all = new ArrayList<>(lives.size());
    for (String name : byAge.descendingMap().values()) {
      CancelLife life = lives.get(name);
      if (life != null) {
        all.add(life);
      }
    }
    return all;
  }

  /** Costs the same however many are kept. */
  public synchronized Tally.Sum sum(Instant now) {
    return tally.sum(now);
  }

  /** Those without an outcome, the oldest first. */
  public synchronized List<CancelLife> open() {
    return tally.open();
  }

  public synchronized long kept() {
    return lives.size();
  }

  /** So many have been read and are not kept any more. */
  public synchronized long gone() {
    return gone;
  }

  private static String name(String order, String cancelId) {
    return order + ' ' + cancelId;
  }
}
