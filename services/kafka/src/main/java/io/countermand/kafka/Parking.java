package io.countermand.kafka;

import io.countermand.domain.Evidence;
import io.countermand.kafka.TaskInbox.Effort;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps records that cannot be read yet, with what follows them in their topic under the same key,
 * and hands them on later as if they stood at their own offset; all others go on meanwhile. Kept in
 * a store of the task, so a restart and the partition's next owner find them.
 *
 * <p>While the registry cannot be asked, they wait as long as that lasts. Once it says that it does
 * not know a schema, its records wait {@link #DENIED_FOR} more: a registry with followers may not
 * be in step with the one that gave the id.
 *
 * <p>For the task's own thread only.
 */
public final class Parking {

  static final Duration DENIED_FOR = Duration.ofSeconds(15);

  /** A denial is forgotten after this, lest an id that is given later be taken for unknown. */
  private static final Duration FORGET = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(Parking.class);
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration ROUND = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int MOST = 10_000;
  private static final int MOST_BYTES = 3 << 20;
  private static final long MOST_BYTES_IN_ALL = 64L << 20;
  private static final int MOST_DENIED = 1_000;

  private final ProcessorContext<?, ?> context;
  private final KeyValueStore<String, byte[]> store;
  private final Reader reader;
  private final Alarm alarm;
  private final Map<String, Integer> lanes = new HashMap<>();
  private final Map<Integer, Denied> denied = new HashMap<>();
  private final Set<Integer> waiting = new HashSet<>();
  private int parked;
  private long bytes;
  private boolean away;

  /**
   * Reads one record and does what it asks for, all of it or, if it cannot be read yet, nothing.
   */
  public interface Reader {

    /**
     * @throws NotReadableYet before anything is done
     */
    void read(Record<byte[], byte[]> record, Evidence at, Effort effort);
  }

  private record Denied(Instant first, Instant last) {}

  /**
   * @param store empty or as it was left
   */
  public Parking(
      ProcessorContext<?, ?> context, KeyValueStore<String, byte[]> store, Reader reader) {
    this.context = context;
    this.store = store;
    this.reader = reader;
    this.alarm = new Alarm(context, this::round);
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      all.forEachRemaining(
          entry ->
              count(
                  ParkedRecord.lane(entry.key),
                  ParkedRecord.of(entry.value).schemaId(),
                  entry.value.length));
    }
    if (parked > 0) {
      alarm.noLaterThan(Instant.MIN);
    }
  }

  /** Reads it now or parks it. */
  public void process(Record<byte[], byte[]> record, Evidence at) {
    Integer id = ParkedRecord.schemaId(record.value());
    String lane = ParkedRecord.lane(at, record.key());
    if (parked > 0 && lanes.containsKey(lane)) {
      park(lane, record, at, id);
      return;
    }
    Instant now = now();
    try {
      boolean soon = away || waiting.contains(id);
      reader.read(record, at, over(id, now) ? Effort.LAST : soon ? Effort.NO_WAIT : Effort.MOMENT);
    } catch (NotReadableYet e) {
      if (heard(id, e, now)) {
        LOG.atWarn()
            .addKeyValue("record", at)
            .addKeyValue("error", e.getMessage())
            .log("record cannot be read yet, parked; others go on");
      }
      park(lane, record, at, id);
    }
  }

  /** No more calls; the store keeps what there is. */
  public void close() {
    alarm.cancel();
  }

  private void park(String lane, Record<byte[], byte[]> record, Evidence at, @Nullable Integer id) {
    byte[] kept = new ParkedRecord(record, at).bytes();
    if (parked >= MOST || kept.length > MOST_BYTES || bytes + kept.length > MOST_BYTES_IN_ALL) {
      outwait(record, at);
      return;
    }
    if (store.putIfAbsent(ParkedRecord.key(lane, at), kept) == null) {
      count(lane, id, kept.length);
    }
    alarm.noLaterThan(now().plus(AGAIN));
  }

  private void count(String lane, @Nullable Integer id, int size) {
    parked++;
    bytes += size;
    lanes.merge(lane, 1, Integer::sum);
    if (id != null) {
      waiting.add(id);
    }
  }

  /**
   * Nothing more can be parked, so all wait; a schema that the registry denies is poison at once.
   */
  private void outwait(Record<byte[], byte[]> record, Evidence at) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        reader.read(record, at, Effort.LAST);
        return;
      } catch (NotReadableYet e) {
        if (System.nanoTime() >= end || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(AGAIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tries what is parked, in order within each topic and key. */
  private Instant round(Instant now) {
    long end = System.nanoTime() + ROUND.toNanos();
    Set<String> blocked = new HashSet<>();
    Set<Integer> failed = new HashSet<>();
    List<KeyValue<String, byte[]>> done = new ArrayList<>();
    boolean late = false;
    waiting.clear();
    away = false;
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      while (all.hasNext()) {
        var entry = all.next();
        String lane = ParkedRecord.lane(entry.key);
        ParkedRecord kept = ParkedRecord.of(entry.value);
        Integer id = kept.schemaId();
        late = System.nanoTime() >= end;
        boolean hopeless = late || (id != null && failed.contains(id));
        if (!blocked.contains(lane) && !hopeless && read(kept, id, now)) {
          done.add(entry);
          continue;
        }
        blocked.add(lane);
        if (id != null) {
          waiting.add(id);
          if (!late) {
            failed.add(id);
          }
        }
      }
    }
    done.forEach(this::left);
    denied.values().removeIf(each -> each.last().isBefore(now.minus(FORGET)));
    if (parked == 0 && !done.isEmpty()) {
      LOG.atInfo().log("nothing is parked any more");
    }
    return parked == 0 ? Instant.MAX : now.plus(late ? AGAIN.dividedBy(20) : AGAIN);
  }

  private boolean read(ParkedRecord kept, @Nullable Integer id, Instant now) {
    try {
      reader.read(
          kept.record(),
          kept.at(),
          over(id, now) ? Effort.LAST : away ? Effort.NO_WAIT : Effort.MOMENT);
      return true;
    } catch (NotReadableYet e) {
      heard(id, e, now);
      return false;
    }
  }

  private void left(KeyValue<String, byte[]> entry) {
    store.delete(entry.key);
    parked--;
    bytes -= entry.value.length;
    lanes.computeIfPresent(
        ParkedRecord.lane(entry.key), (_, count) -> count == 1 ? null : count - 1);
  }

  /** Whether it is news. */
  private boolean heard(@Nullable Integer id, NotReadableYet said, Instant now) {
    if (!said.denied()) {
      away = true;
      return id == null || waiting.add(id);
    }
    if (id != null && (denied.size() < MOST_DENIED || denied.containsKey(id))) {
      denied.merge(id, new Denied(now, now), (known, _) -> new Denied(known.first(), now));
    }
    return id == null || waiting.add(id);
  }

  private boolean over(@Nullable Integer id, Instant now) {
    Denied since = id == null ? null : denied.get(id);
    if (id != null && id < 0) {
      return true;
    }
    return since != null
        && !since.last().isBefore(now.minus(FORGET))
        && !now.isBefore(since.first().plus(DENIED_FOR));
  }

  private Instant now() {
    return Instant.ofEpochMilli(context.currentSystemTimeMs());
  }
}
