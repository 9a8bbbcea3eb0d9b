package io.countermand.ledger;

import io.countermand.codec.MassCodec;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassTally;
import io.countermand.events.MassProgress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The mass cancels that the ledger knows, in its store as they were told, part by part, and summed
 * up in memory. Forgotten a day after their deadline; those of a kill switch once it is off, too,
 * since what its later calls hit beyond the scope belongs there. For the task's own thread.
 *
 * <pre>
 * m \0 massId                        the mass cancel as taken, behind the number of the last report
 * f \0 massId \0 partition \0 place   a part of the scope
 * o \0 massId \0 order key            an outcome
 * b \0 massId \0 call's id            one call for many
 * </pre>
 */
final class MassStore {

  private static final Duration KEPT = Duration.ofDays(1);

  /** Progress for people; each costs a look at all of its orders. */
  private static final Duration REPORT_EVERY = Duration.ofMillis(200);

  private static final class Known {

    private final MassTally tally;
    private int number;
    private boolean changed = true;
    private @Nullable MassReport said;
    private Instant next = Instant.MIN;

    Known(MassTally tally, int number) {
      this.tally = tally;
      this.number = number;
    }
  }

  private final KeyValueStore<String, byte[]> store;
  private final int partitions;
  private final Set<String> venues;
  private final Predicate<String> on;
  private final Map<String, Known> known = new HashMap<>();

  /**
   * @param store as an earlier owner left it
   * @param venues that are configured
   * @param on whether this is a kill switch that is on
   */
  MassStore(
      KeyValueStore<String, byte[]> store,
      int partitions,
      Set<String> venues,
      Predicate<String> on) {
    this.on = on;
    this.store = store;
    this.partitions = partitions;
    this.venues = venues;
    each(
        "m\0",
        kept -> {
          ByteBuffer bytes = ByteBuffer.wrap(kept.value);
          int number = bytes.getInt();
          know(MassCodec.mass(bytes), number);
        });
    Consumer<KeyValue<String, byte[]>> part =
        kept -> {
          MassProgress value = MassCodec.progress(kept.value);
          Known one = known.get(value.getMassId());
          MassPart told = MassCodec.fromAvro(value);
          if (one != null && told != null) {
            one.tally.restore(told);
          }
        };
    each("o\0", part);
    each("f\0", part);
    each("b\0", part);
  }

  private void each(String prefix, Consumer<KeyValue<String, byte[]>> consumer) {
    String end = prefix.charAt(0) + "\u0001";
    try (KeyValueIterator<String, byte[]> rows = store.range(prefix, end)) {
      rows.forEachRemaining(consumer);
    }
  }

  private Known know(MassCancel mass, int number) {
    Instant deadline = Objects.requireNonNull(mass.deadline());
    var one = new Known(new MassTally(mass, deadline, partitions, venues), number);
    known.put(mass.massId(), one);
    return one;
  }

  boolean knows(String massId) {
    return known.containsKey(massId);
  }

  /** Whether it asks for the same as what was taken under its id; the deadline counts anew. */
  boolean sameAs(MassCancel again) {
    Known one = known.get(again.massId());
    return one != null && one.tally.mass().asksTheSame(again);
  }

  void take(MassCancel mass, Instant deadline) {
    keep(mass, know(mass, 0).number);
  }

  private void keep(MassCancel mass, int number) {
    byte[] bytes = MassCodec.bytes(mass);
    store.put(
        "m\0" + mass.massId(),
        ByteBuffer.allocate(Integer.BYTES + bytes.length).putInt(number).put(bytes).array());
  }

  /** Who asks again may not have heard. */
  void sayAgain(String massId) {
    Known one = known.get(massId);
    if (one != null) {
      one.said = null;
      one.changed = true;
    }
  }

  /** False: none of its sums, or of a mass cancel that is not known, or no more. */
  boolean heard(String massId, MassPart part, MassProgress value) {
    Known one = known.get(massId);
    if (one == null || !one.tally.heard(part)) {
      return false;
    }
    one.changed = true;
    store.put(row(massId, part), MassCodec.bytes(value));
    return true;
  }

  /** What says the same as an earlier part takes its place. */
  private static String row(String massId, MassPart part) {
    return switch (part) {
      case MassPart.Frozen one ->
          "f\0"
              + massId
              + '\0'
              + one.partition()
              + '\0'
              + UUID.nameUUIDFromBytes(
                  (one.venues().stream().sorted().toList() + " " + one.last() + one.orders())
                      .getBytes(StandardCharsets.UTF_8));
      case MassPart.Settled one -> "o\0" + massId + '\0' + one.order();
      case MassPart.Bulk one -> "b\0" + massId + '\0' + one.callId();
    };
  }

  /**
   * Reports what has changed, and forgets what is old.
   *
   * @return when to look again
   */
  Instant report(Instant now, Consumer<MassReport> publish) {
    Instant next = Instant.MAX;
    for (Known one : Map.copyOf(known).values()) {
      Instant overdue = one.tally.overdueAt();
      boolean old = !now.isBefore(overdue.plus(KEPT));
      if (old && !on.test(one.tally.mass().massId())) {
        forget(one);
        continue;
      }
      boolean due = one.changed || (one.said != null && !one.said.last() && !now.isBefore(overdue));
      if (due && !now.isBefore(one.next)) {
        say(one, now, publish);
      }
      boolean open = one.said == null || !one.said.last();
      boolean soon = one.changed || (due && now.isBefore(one.next));
      Instant end = old ? now.plus(KEPT) : overdue.plus(KEPT);
      Instant its = soon ? one.next : open && now.isBefore(overdue) ? overdue : end;
      next = its.isBefore(next) ? its : next;
    }
    return next;
  }

  private void say(Known one, Instant now, Consumer<MassReport> publish) {
    MassReport report = one.tally.report(one.number + 1, now);
    one.changed = false;
    one.next = now.plus(REPORT_EVERY);
    if (!report.saysTheSame(one.said)) {
      one.number++;
      one.said = report;
      keep(one.tally.mass(), one.number);
      publish.accept(report);
    }
  }

  private void forget(Known one) {
    String massId = one.tally.mass().massId();
    known.remove(massId);
    store.delete("m\0" + massId);
    for (String kind : new String[] {"f\0", "o\0", "b\0"}) {
      drop(kind + massId + '\0');
    }
  }

  private void drop(String prefix) {
    String end = prefix.substring(0, prefix.length() - 1) + '\u0001';
    try (KeyValueIterator<String, byte[]> rows = store.range(prefix, end)) {
      rows.forEachRemaining(row -> store.delete(row.key));
    }
  }
}
