// Over 300 lines: what is parked, what waits behind it, and when it is tried again are one state.
package io.countermand.kafka.deadletter;

import io.countermand.domain.order.Evidence;
import io.countermand.events.serde.SchemaQuestions;
import io.countermand.kafka.deadletter.TaskInbox.Effort;
import io.countermand.kafka.streams.Alarm;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
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
 * <p>While the registry cannot be asked, they wait as long as that lasts. Once it answers, and says
 * that it does not know a schema, its records wait {@link UnknownIds#DENIED_FOR}. The registry is
 * asked for each id in turn, in the background ({@link SchemaQuestions}); where that takes longer,
 * because there are thousands, what follows goes on after {@link UnknownIds#PASSED_AFTER}.
 *
 * <p>For the task's own thread only.
 */
public final class Parking {

  private static final Logger LOG = LoggerFactory.getLogger(Parking.class);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** So long, at the most, a round keeps others waiting. */
  private static final Duration ROUND = Duration.ofMillis(100);

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int MOST = 10_000;
  private static final int MOST_BYTES = 3 << 20;
  private static final long MOST_BYTES_IN_ALL = 64L << 20;

  /** Of a switch's heartbeats of one schema, so many of the last are kept where room gets short. */
  private static final int LAST_HEARTBEATS = 8;

  private final ProcessorContext<?, ?> context;
  private final KeyValueStore<String, byte[]> store;
  private final SchemaQuestions questions;
  private final Reader reader;
  private final Alarm alarm;
  private final UnknownIds ids = new UnknownIds();
  private final WaitBudget patience = new WaitBudget();
  private Set<String> blocked = new HashSet<>();
  private Instant squeezed = Instant.MIN;
  private int parked;
  private final Map<String, Integer> byTopic = new HashMap<>();
  private long bytes;

  /**
   * What was read, and when (by {@link System#nanoTime}), the first one first: it stands in the
   * store until what came of it is durable, and counts nowhere else.
   */
  private final Map<String, Long> read = new LinkedHashMap<>();

  /**
   * By lane of what was read: what was read behind it, and never waited. It stands in the store as
   * long as the other does, or after a kill that alone was read again, behind its followers.
   */
  private final Map<String, Set<String>> followers = new HashMap<>();

  private final LongPredicate durable;

  /**
   * Reads one record and does what it asks for, all of it or, if it cannot be read yet, nothing.
   */
  public interface Reader {

    /**
     * @throws NotReadableYet before anything is done
     */
    void read(Record<byte[], byte[]> record, Evidence at, Effort effort);

    /** A record that is put off, as it is to be read later. */
    default Record<byte[], byte[]> later(Record<byte[], byte[]> record, Evidence at) {
      return record;
    }
  }

  /**
   * Of a task whose transaction has all that comes of a record, and that it is parked no more.
   *
   * @param store empty or as it was left
   */
  public Parking(
      ProcessorContext<?, ?> context,
      KeyValueStore<String, byte[]> store,
      SchemaQuestions questions,
      Reader reader) {
    this(context, store, questions, reader, _ -> true);
  }

  /**
   * @param store empty or as it was left
   * @param durable whether what came of records that were read until then (by {@link
   *     System#nanoTime}) is durable. A parked record's offset was committed long ago: it is read
   *     again only as long as it stands in the store
   */
  public Parking(
      ProcessorContext<?, ?> context,
      KeyValueStore<String, byte[]> store,
      SchemaQuestions questions,
      Reader reader,
      LongPredicate durable) {
    this.durable = durable;
    this.context = context;
    this.store = store;
    this.questions = questions;
    this.reader = reader;
    this.alarm = new Alarm(context, now -> round(now, false));
    Instant now = now();
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      all.forEachRemaining(
          entry -> {
            ParkedRecord kept = ParkedRecord.of(entry.value);
            count(kept.at().topic(), kept.schemaId(), entry.value.length, now);
            blocked.add(ParkedRecord.lane(entry.key));
          });
    }
    if (parked > 0) {
      alarm.noLaterThan(Instant.MIN);
    }
  }

  /** Reads it now or parks it. */
  public void process(Record<byte[], byte[]> record, Evidence at) {
    Integer id = ParkedRecord.schemaId(record.value());
    String lane = ParkedRecord.lane(at, record.key());
    Instant now = now();
    if (blocked.contains(lane)) {
      park(lane, record, at, id, now);
      return;
    }
    if (isRead(ParkedRecord.key(lane, at.offset()))) {
      return; // an earlier owner parked it and committed no offset behind it: read here just now
    }
    long start = System.nanoTime();
    boolean unknown = id != null && !questions.knows(id);
    boolean waits = !unknown || (id != null && !ids.waits(id) && patience.mayWait(start));
    try {
      reader.read(record, at, effort(id, now, waits, false));
      follows(lane, record, at);
    } catch (NotReadableYet e) {
      if (id != null && !ids.waits(id)) {
        LOG.atWarn()
            .addKeyValue("record", at)
            .addKeyValue("error", e.getMessage())
            .log("record cannot be read yet, parked; others go on");
      }
      park(lane, record, at, id, now);
    }
    if (unknown && waits) {
      patience.waited(start, System.nanoTime());
    }
  }

  /** Whether records of the topic were read that nobody could read yet, or that wait for such. */
  public boolean holds(String topic) {
    return byTopic.getOrDefault(topic, 0) > 0;
  }

  /** Whether a record of this key waits, in the same topic as another. */
  public boolean holds(Evidence beside, byte[] key) {
    return parked > 0 && blocked.contains(ParkedRecord.lane(beside, key));
  }

  /** No more calls; the store keeps what there is. */
  public void close() {
    alarm.cancel();
  }

  private Effort effort(@Nullable Integer id, Instant now, boolean waits, boolean squeeze) {
    boolean last = id != null && (ids.over(id, now) || (squeeze && ids.wasDenied(id)));
    return new Effort(now, waits, last);
  }

  private void park(
      String lane, Record<byte[], byte[]> record, Evidence at, @Nullable Integer id, Instant now) {
    byte[] kept = new ParkedRecord(reader.later(record, at), at).bytes();
    if (at.topic().equals(Topics.HEARTBEATS)
        && (parked >= MOST / 2 || bytes >= MOST_BYTES_IN_ALL / 2)) {
      leaveOutBetween(lane, id);
    }
    if (full(kept) && kept.length <= MOST_BYTES && !now.isBefore(squeezed.plus(AGAIN))) {
      squeezed = now;
      round(now, true);
    }
    if (full(kept) && outwait(lane, record, at, kept, now)) {
      return;
    }
    String key = ParkedRecord.key(lane, at.offset());
    byte[] known = store.get(key);
    store.put(key, known == null ? kept : known); // read again: perhaps the changelog lacks it
    if (known == null) {
      count(at.topic(), id, kept.length, now);
      if (!passes(at.topic(), id, now)) {
        blocked.add(lane);
      }
    }
    alarm.noLaterThan(now.plus(AGAIN));
  }

  /**
   * Where room gets short, of a switch's heartbeats of one schema only the last few are kept, and
   * the first of all: the last one counts, and one sender that nobody can read must not stop what
   * is read beside it. Not the last alone while there is room for more: it may be a notice of the
   * ledger's, or no heartbeat at all, and then a word before it counts, which may have taken the
   * switch off. Nothing outside their values tells them apart. Of another schema one may be read
   * that the last one is not.
   */
  private void leaveOutBetween(String lane, @Nullable Integer id) {
    List<KeyValue<String, byte[]>> all = new ArrayList<>();
    String last = ParkedRecord.key(lane, Long.MAX_VALUE);
    try (var its = store.range(ParkedRecord.key(lane, 0), last)) {
      its.forEachRemaining(
          each -> {
            if (!isRead(each.key)) {
              all.add(each);
            }
          });
    }
    boolean veryShort = parked >= MOST * 3 / 4 || bytes >= MOST_BYTES_IN_ALL * 3 / 4;
    List<KeyValue<String, byte[]>> like =
        all.stream()
            .skip(1)
            .filter(each -> Objects.equals(ParkedRecord.of(each.value).schemaId(), id))
            .toList();
    int left = veryShort ? 1 : LAST_HEARTBEATS; // with the one that is parked now
    like.subList(0, Math.max(0, like.size() + 1 - left)).forEach(this::forget);
  }

  private boolean full(byte[] kept) {
    return parked >= MOST || kept.length > MOST_BYTES || bytes + kept.length > MOST_BYTES_IN_ALL;
  }

  private void count(String topic, @Nullable Integer id, int size, Instant now) {
    parked++;
    byTopic.merge(topic, 1, Integer::sum);
    bytes += size;
    if (id != null) {
      ids.parked(id, now);
    }
  }

  /**
   * Nothing more can be parked, so all wait; a schema that the registry denies is poison at once.
   * What stands behind a parked record waits for that, too, however well it could be read itself.
   *
   * @return whether it was read; else there is room for it again
   */
  private boolean outwait(
      String lane, Record<byte[], byte[]> record, Evidence at, byte[] kept, Instant now) {
    long start = System.nanoTime();
    while (true) {
      Duration waited = Duration.ofNanos(System.nanoTime() - start);
      try {
        readUnlessBlocked(lane, record, at, now.plus(waited));
        return true;
      } catch (NotReadableYet e) {
        if (!full(kept)) {
          return false;
        }
        if (waited.compareTo(PATIENCE) >= 0 || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        pause();
      }
    }
  }

  private void readUnlessBlocked(
      String lane, Record<byte[], byte[]> record, Evidence at, Instant now) {
    if (blocked.contains(lane)) {
      round(now, true);
    }
    if (blocked.contains(lane)) {
      throw new NotReadableYet(
          "no room to park it behind a record that cannot be read yet: " + at, false);
    }
    reader.read(record, at, new Effort(now, true, true));
    follows(lane, record, at);
  }

  /** It was read as it came. If what was read before it may be read again, so must it be. */
  private void follows(String lane, Record<byte[], byte[]> record, Evidence at) {
    Set<String> its = followers.get(lane);
    if (its != null) {
      byte[] kept = new ParkedRecord(reader.later(record, at), at).bytes();
      if (kept.length <= MOST_BYTES) {
        String key = ParkedRecord.key(lane, at.offset());
        store.put(key, kept);
        its.add(key);
      }
    }
  }

  /** Whether what stands under this key in the store, if anything does, waits no more. */
  private boolean isRead(String key) {
    return !read.isEmpty()
        && (read.containsKey(key)
            || followers.getOrDefault(ParkedRecord.lane(key), Set.of()).contains(key));
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Tries what is parked, by offset, what is of one topic and key never out of turn, and has the
   * registry asked for what stands behind. Waits for nobody.
   *
   * @param squeeze the store is full: what was denied once is given up
   */
  private Instant round(Instant now, boolean squeeze) {
    Set<String> stopped = new HashSet<>();
    List<KeyValue<String, byte[]>> done = new ArrayList<>();
    boolean late = false;
    ids.answered(questions.answeredAt(), now);
    List<String> keys = keys();
    long end = System.nanoTime() + ROUND.toNanos(); // not of the list, or nothing might be read
    for (String key : keys) {
      byte[] value = Objects.requireNonNull(store.get(key));
      String lane = ParkedRecord.lane(key);
      ParkedRecord kept = ParkedRecord.of(value);
      Integer id = kept.schemaId();
      late = System.nanoTime() >= end;
      if (!late && !stopped.contains(lane) && read(kept, id, now, squeeze)) {
        done.add(KeyValue.pair(key, value));
        continue;
      }
      if (id != null) {
        questions.ask(id, now);
      }
      if (late || !passes(kept.at().topic(), id, now)) {
        stopped.add(lane);
      }
    }
    blocked = stopped;
    done.forEach(entry -> left(entry, now));
    if (parked == 0 && !done.isEmpty()) {
      LOG.atInfo().log("nothing is parked any more");
    }
    forgetDurable();
    return parked == 0 && read.isEmpty()
        ? Instant.MAX
        : now.plus(late ? AGAIN.dividedBy(20) : AGAIN);
  }

  /** Of what is parked, in the order of the offsets, as it was written: not by key alone. */
  private List<String> keys() {
    List<String> keys = new ArrayList<>(parked);
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      all.forEachRemaining(
          entry -> {
            if (!isRead(entry.key)) {
              keys.add(entry.key);
            }
          });
    }
    keys.sort(Comparator.comparing(ParkedRecord::offset));
    return keys;
  }

  private boolean read(ParkedRecord kept, @Nullable Integer id, Instant now, boolean squeeze) {
    try {
      boolean known = id != null && questions.knows(id); // then it asks and waits seldom
      reader.read(kept.record(), kept.at(), effort(id, now, known, squeeze));
      return true;
    } catch (NotReadableYet e) {
      if (id != null && e.denied()) {
        ids.denied(id);
      }
      return false;
    }
  }

  /**
   * A timer of the ledger counts what was written before it, so on progress nothing goes before
   * what may yet be read; nor among heartbeats, of which the last one counts.
   */
  private boolean passes(String topic, @Nullable Integer id, Instant now) {
    return id != null
        && !topic.equals(Topics.PROGRESS)
        && !topic.equals(Topics.HEARTBEATS)
        && ids.passed(id, now);
  }

  private void left(KeyValue<String, byte[]> entry, Instant now) {
    Integer id = ParkedRecord.of(entry.value).schemaId();
    if (id != null && ids.over(id, now) && !questions.knows(id)) {
      ids.givenUp(id, now);
    }
    countOut(entry);
    read.put(entry.key, System.nanoTime());
    followers.computeIfAbsent(ParkedRecord.lane(entry.key), _ -> new LinkedHashSet<>());
  }

  /**
   * Killed sooner, and the next owner reads it again, at its own offset as it does all others. Its
   * followers go with the last of their lane that waited: behind those that are not durable then no
   * offset was committed, so their topic hands them out again.
   */
  private void forgetDurable() {
    Iterator<Map.Entry<String, Long>> all = read.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<String, Long> eldest = all.next();
      if (!durable.test(eldest.getValue())) {
        break;
      }
      store.delete(eldest.getKey());
      all.remove();
    }
    if (!followers.isEmpty()) {
      Set<String> lanes =
          read.keySet().stream().map(ParkedRecord::lane).collect(Collectors.toSet());
      followers
          .entrySet()
          .removeIf(
              each -> {
                boolean over = !lanes.contains(each.getKey());
                if (over) {
                  each.getValue().forEach(store::delete);
                }
                return over;
              });
    }
  }

  private void forget(KeyValue<String, byte[]> entry) {
    store.delete(entry.key);
    countOut(entry);
  }

  private void countOut(KeyValue<String, byte[]> entry) {
    parked--;
    bytes -= entry.value.length;
    ParkedRecord kept = ParkedRecord.of(entry.value);
    byTopic.merge(kept.at().topic(), -1, Integer::sum);
    Integer id = kept.schemaId();
    if (id != null) {
      ids.left(id);
    }
  }

  private Instant now() {
    return Instant.ofEpochMilli(context.currentSystemTimeMs());
  }
}
