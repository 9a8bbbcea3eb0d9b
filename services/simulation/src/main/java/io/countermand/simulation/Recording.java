package io.countermand.simulation;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.Outcome;
import io.countermand.domain.decision.DeskRules;
import io.countermand.domain.lease.Lease;
import io.countermand.domain.lifecycle.Finding;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.lifecycle.LedgerRules;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderEvent;
import io.countermand.simulation.engine.Log;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * The topics of one history as a read_committed reader finds them when it is over, for those who
 * judge recorded histories.
 *
 * @param leases among the progress
 * @param places of the decisions among the progress that have one, by offset
 * @param deadIntents offsets of the intents in dead letters
 * @param deadProgress offsets of the progress in dead letters
 * @param end when it came to rest
 */
public record Recording(
    IntentCheck check,
    DeskRules desk,
    LedgerRules ledger,
    List<Entry<Intent>> intents,
    List<Entry<OrderEvent>> events,
    List<Entry<CancelRequest>> retries,
    List<Entry<LedgerEvent.OfCancel>> progress,
    List<Entry<Outcome>> outcomes,
    List<Entry<Finding>> findings,
    List<Entry<Lease>> leases,
    Map<Integer, Lease.Place> places,
    Set<Integer> deadIntents,
    Set<Integer> deadProgress,
    Instant end) {

  /** A record; all topics have one partition. */
  public record Entry<T>(T value, int offset, Instant time) {}

  static Recording of(World world) {
    return new Recording(
        world.setting.check(),
        world.setting.desk(),
        world.setting.ledger(),
        entries(world, world.intents, (intent, offset) -> intent),
        entries(world, world.events, (event, offset) -> event),
        entries(world, world.retries, (request, offset) -> request),
        progress(world),
        entries(world, world.outcomes, (outcome, offset) -> outcome),
        entries(world, world.findings, (finding, offset) -> finding),
        entries(world, world.progress, (said, offset) -> said).stream()
            .filter(entry -> entry.value() instanceof World.Leased)
            .map(
                entry ->
                    new Entry<>(
                        ((World.Leased) entry.value()).lease(), entry.offset(), entry.time()))
            .toList(),
        places(world),
        dead(world, world.intents),
        dead(world, world.progress),
        world.instant(0));
  }

  private static Set<Integer> dead(World world, Log<?> log) {
    Set<Integer> dead = new HashSet<>();
    for (Log.Entry<World.Dead> entry : world.dead.committed()) {
      if (entry.value().topic().equals(log.name)) {
        dead.add(entry.value().offset());
      }
    }
    return dead;
  }

  private static Map<Integer, Lease.Place> places(World world) {
    Map<Integer, Lease.Place> places = new HashMap<>();
    for (Entry<World.Progress> record : entries(world, world.progress, (said, offset) -> said)) {
      Lease.Place place = record.value().place();
      if (place != null) {
        places.put(record.offset(), place);
      }
    }
    return places;
  }

  /** Event by event: a decision that is its call's marker, too, is two of one offset. */
  private static List<Entry<LedgerEvent.OfCancel>> progress(World world) {
    List<Entry<LedgerEvent.OfCancel>> entries = new ArrayList<>();
    for (Entry<World.Progress> record : entries(world, world.progress, (said, offset) -> said)) {
      var at = new Evidence(world.progress.name, 0, record.offset());
      for (LedgerEvent event : record.value().events(at)) {
        entries.add(new Entry<>((LedgerEvent.OfCancel) event, record.offset(), record.time()));
      }
    }
    return entries;
  }

  private static <A, B> List<Entry<B>> entries(
      World world, Log<A> log, BiFunction<A, Integer, B> value) {
    List<Entry<B>> entries = new ArrayList<>();
    for (int offset = 0; offset < log.end(); offset++) {
      Log.Entry<A> entry = log.get(offset);
      if (!entry.open() && !entry.aborted()) {
        entries.add(
            new Entry<>(value.apply(entry.value(), offset), offset, world.appended(entry.at())));
      }
    }
    return entries;
  }
}
