package io.countermand.domain.mass;

import io.countermand.domain.order.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The dead-man's switches of one partition of {@code heartbeats}: a fold over its records, so a
 * replay decides the same. Time is what their append times say, and nothing else is a clock.
 *
 * <pre>
 * record                                          | then
 * ------------------------------------------------+-------------------------------------------
 * heartbeat, time-out not 0                       | armed; silence counts from its append time
 * heartbeat, time-out 0                           | off
 * tick, and the stretch since the tick before (or | silence counts from this tick: nobody watched,
 *   the heartbeat, if later) is longer than the   |   or nobody could be heard
 *   switch's bound, or goes backwards             |
 * tick, the switch has a word that is not read yet| the same
 * tick that could be read late only, and stands   | nothing
 *   before what was heard last                    |
 * tick, silent for the time-out                   | fires, and is armed no more
 * tick, silent for half of it                     | warns, once
 * what was read before                            | nothing
 * </pre>
 *
 * A heartbeat that lies unread when a tick is written stands before that in the partition, and so
 * counts. Does no I/O: the caller keeps and writes what a {@link Step} says. Not thread-safe.
 */
public final class DeadManWatch {

  private static final Duration LEAST_PERIOD = Duration.ofMillis(200);
  private static final Duration MOST_PERIOD = Duration.ofMinutes(1);

  /**
   * The last tick that was read.
   *
   * @param at when it was appended
   */
  public record LastTick(Instant at, long offset) {}

  /**
   * What a record leads to.
   *
   * @param keep switches to be kept as they are now
   * @param drop ids of switches that are not armed any more
   * @param warned those that have been silent for half of their time-out
   * @param fired those whose scope is to be cancelled
   */
  public record Step(
      List<DeadManSwitch> keep,
      List<String> drop,
      List<DeadManSwitch> warned,
      List<DeadManSwitch> fired) {

    private static final Step NOTHING = new Step(List.of(), List.of(), List.of(), List.of());
  }

  private final Map<String, DeadManSwitch> armed = new LinkedHashMap<>();
  private @Nullable LastTick clock;

  /** As an earlier owner left it. Before anything else. */
  public void kept(DeadManSwitch one) {
    armed.put(one.word().switchId(), one);
  }

  /** As an earlier owner left it. Before anything else. */
  public void kept(LastTick last) {
    clock = last;
  }

  /** The last tick that was read; null: none. */
  public @Nullable LastTick clock() {
    return clock;
  }

  public Collection<DeadManSwitch> armed() {
    return armed.values();
  }

  /**
   * @param word without {@link Heartbeat#problems}
   * @param appended the record's append time
   * @param late whether it could not be read when its turn came: what stands behind it was read
   */
  public Step heard(Heartbeat word, Evidence at, Instant appended, boolean late) {
    DeadManSwitch before = armed.get(word.switchId());
    if ((!late && readBefore(at, appended)) || (before != null && again(before, at, appended))) {
      return Step.NOTHING;
    }
    if (word.off()) {
      return armed.remove(word.switchId()) == null
          ? Step.NOTHING
          : new Step(List.of(), List.of(word.switchId()), List.of(), List.of());
    }
    DeadManSwitch now = DeadManSwitch.armed(word.cut(), at, appended);
    LastTick last = clock;
    if (late && last != null && last.at().isAfter(appended)) {
      now = now.anew(last.at());
    }
    armed.put(word.switchId(), now);
    return new Step(List.of(now), List.of(), List.of(), List.of());
  }

  /**
   * It has fired, as is on record: by an owner whose state was lost.
   *
   * @param massId of what it fired; that follows from the heartbeat before
   */
  public Step fired(String switchId, String massId) {
    DeadManSwitch one = armed.get(switchId);
    if (one == null || !one.massId().equals(massId)) {
      return Step.NOTHING;
    }
    armed.remove(switchId);
    return new Step(List.of(), List.of(switchId), List.of(), List.of());
  }

  /**
   * @param appended the tick's append time
   * @param unread whether a record of that switch stands before it that cannot be read yet, or the
   *     tick itself was read so late that what it fires would be refused as too late
   */
  public Step tick(Evidence at, Instant appended, Predicate<String> unread) {
    if (readBefore(at, appended)) {
      return Step.NOTHING;
    }
    LastTick before = clock;
    clock = new LastTick(appended, at.offset());
    var step = new Step(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (DeadManSwitch one : List.copyOf(armed.values())) {
      String id = one.word().switchId();
      if (again(one, at, appended)) {
        continue; // the tick could be read late only: it says nothing of what was heard since
      }
      if (gap(one, before, appended) || unread.test(id)) {
        keep(one.anew(appended), step);
      } else if (!appended.isBefore(one.due())) {
        armed.remove(id);
        step.drop().add(id);
        step.fired().add(one);
      } else if (!one.warned() && !appended.isBefore(one.warnsAt())) {
        DeadManSwitch warned = one.withWarning();
        keep(warned, step);
        step.warned().add(warned);
      }
    }
    return step;
  }

  private void keep(DeadManSwitch one, Step step) {
    armed.put(one.word().switchId(), one);
    step.keep().add(one);
  }

  private static boolean gap(DeadManSwitch one, @Nullable LastTick before, Instant now) {
    Instant last =
        before == null || one.at().offset() > before.offset() ? one.heard() : before.at();
    return Duration.between(last, now).abs().compareTo(one.bound()) > 0;
  }

  /**
   * Offsets were lost, and the stores were not. A topic that was made anew has small offsets, too,
   * but later times.
   */
  private boolean readBefore(Evidence at, Instant appended) {
    return clock != null && at.offset() <= clock.offset() && !appended.isAfter(clock.at());
  }

  private static boolean again(DeadManSwitch one, Evidence at, Instant appended) {
    return at.offset() <= one.at().offset() && !appended.isAfter(one.heard());
  }

  /** How often a tick is needed at the least, so that none is missed; null: none is armed. */
  public @Nullable Duration period() {
    return armed.values().stream()
        .map(one -> period(one.word()))
        .min(Duration::compareTo)
        .orElse(null);
  }

  /** How often this one needs a tick: twice within its bound. */
  public static Duration period(Heartbeat word) {
    Duration period = word.timeout().dividedBy(8);
    return period.compareTo(LEAST_PERIOD) < 0
        ? LEAST_PERIOD
        : period.compareTo(MOST_PERIOD) > 0 ? MOST_PERIOD : period;
  }

  /** When a tick has something to do, if nothing more is heard; null: none is armed. */
  public @Nullable Instant next() {
    return armed.values().stream().map(DeadManSwitch::next).min(Instant::compareTo).orElse(null);
  }
}
