package io.countermand.simulation.deadman;

import io.countermand.domain.mass.DeadManSwitch;
import io.countermand.domain.mass.DeadManWatch;
import io.countermand.domain.mass.Heartbeat;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The topics of one history, its producers and its broker, and what chance decides. */
final class DeadManWorld {

  /** A step of the clock. */
  static final int MILLIS = 100;

  private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");
  private static final int[] TIMEOUTS = {10, 10, 20, 40, 100};

  /** Whether a record can be read. */
  enum Fate {
    OPEN,
    COMMITTED,
    ABORTED
  }

  /** A record of heartbeats. */
  static final class Entry {

    /** Null: a tick. */
    final @Nullable Heartbeat word;

    final int at;
    Fate fate;

    Entry(@Nullable Heartbeat word, int at, Fate fate) {
      this.word = word;
      this.at = at;
      this.fate = fate;
    }
  }

  /**
   * A record of mass-cancels.
   *
   * @param tick offset of the tick that fired it
   */
  record Fire(DeadManSwitch one, MassCancel mass, String massId, int tick) {}

  /** Nothing was written or nobody watched, from one step to before another. */
  record Outage(int from, int to) {}

  /** Whose heartbeats they are. */
  static final class Producer {

    final String id;
    int timeout;
    int every;
    MassScope scope;
    boolean lives = true;
    boolean unsent;
    int next;

    Producer(String id, int timeout, MassScope scope) {
      this.id = id;
      this.timeout = timeout;
      this.every = Math.max(1, timeout / 5);
      this.scope = scope;
    }
  }

  /** What the ledger's store and offsets keep; one transaction. */
  static final class Kept {

    int position;
    final Map<String, DeadManSwitch> rows = new LinkedHashMap<>();
    DeadManWatch.@Nullable LastTick clock;

    Kept copy() {
      var copy = new Kept();
      copy.position = position;
      copy.rows.putAll(rows);
      copy.clock = clock;
      return copy;
    }
  }

  final SplittableRandom random;
  final DeadManConduct conduct;
  final List<Entry> log = new ArrayList<>();
  final List<Fire> fires = new ArrayList<>();
  final List<Producer> producers = new ArrayList<>();
  final List<Outage> outages = new ArrayList<>();
  final List<String> broken = new ArrayList<>();
  final List<String> story = new ArrayList<>();

  Kept kept = new Kept();

  /** Of the task that has the partition. */
  int epoch;

  /** Offsets were lost, so what was decided is decided again. */
  boolean readAgain;

  int now;

  /** No faults any more. */
  boolean calm;

  private int brokerBack;

  DeadManWorld(long seed, DeadManConduct conduct) {
    this.random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 11);
    this.conduct = conduct;
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      producers.add(new Producer("p" + i, timeout(), scope()));
    }
  }

  private int timeout() {
    return TIMEOUTS[random.nextInt(TIMEOUTS.length)];
  }

  private MassScope scope() {
    return MassScope.of("v", "a" + random.nextInt(3));
  }

  boolean chance(int perMille) {
    return random.nextInt(1000) < perMille;
  }

  Instant time() {
    return instant(now);
  }

  static Instant instant(int at) {
    return BEGINNING.plusMillis((long) at * MILLIS);
  }

  static Evidence at(int offset) {
    return new Evidence("heartbeats", 0, offset);
  }

  void say(String what) {
    story.add(now + " " + what);
  }

  void must(boolean holds, String promise) {
    if (!holds) {
      say("broken: " + promise);
      broken.add(promise);
    }
  }

  boolean brokerUp() {
    return now >= brokerBack;
  }

  void breakBroker() {
    brokerBack = now + 1 + random.nextInt(60);
    say("broker away until " + brokerBack);
    outages.add(new Outage(now, brokerBack));
  }

  void append(Entry entry) {
    log.add(entry);
  }

  /** Who lives beats; what the broker does not take is sent once it does, or lost. */
  void beat() {
    for (Producer one : producers) {
      boolean due = one.lives && now >= one.next;
      if (due) {
        one.next = now + one.every;
      }
      if (brokerUp() && (due || one.unsent)) {
        send(one, one.timeout);
        one.unsent = false;
      } else if (due) {
        one.unsent = chance(700);
      }
    }
  }

  /** Something happens to a producer. */
  void change() {
    Producer one = producers.get(random.nextInt(producers.size()));
    switch (random.nextInt(5)) {
      case 0, 1 -> die(one);
      case 2 -> {
        if (brokerUp()) {
          die(one);
          send(one, 0);
        }
      }
      case 3 -> {
        one.timeout = timeout();
        one.every = Math.max(1, one.timeout / 5);
        one.scope = scope();
      }
      default -> one.lives = true;
    }
  }

  void die(Producer one) {
    if (one.lives) {
      say(one.id + " dies");
      one.lives = false;
      one.unsent = false;
    }
  }

  private void send(Producer one, int timeout) {
    say(one.id + " beats at " + log.size() + ", time-out " + timeout);
    var word =
        new Heartbeat(
            one.id,
            one.scope,
            Duration.ofMillis((long) timeout * MILLIS),
            one.id,
            "",
            false,
            time());
    append(new Entry(word, now, Fate.COMMITTED));
  }
}
