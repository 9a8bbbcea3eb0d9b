package io.countermand.simulation.mass;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Reason;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassTally;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderFold;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.OrderState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One mass cancel from its seed: orders open and end, the command is spread in a transaction, tasks
 * freeze and crash, each intent gets its one outcome, the parts are summed up. At the end the
 * report is held against what stands in the topics.
 */
public final class MassHistory {

  private static final int STEPS = 120;
  private static final int MOST = 5_000;

  private final MassWorld world;
  private final List<MassTask> tasks = new ArrayList<>();

  /** How far the ledger has read the intents, by partition. */
  private final int[] read;

  private final Map<String, MassPart.Settled> outcomes = new HashMap<>();
  private final List<String> broken = new ArrayList<>();

  private MassHistory(long seed, MassConduct conduct) {
    this.world = new MassWorld(seed, conduct);
    world.partitions.forEach(partition -> tasks.add(new MassTask(world, partition)));
    this.read = new int[world.partitions.size()];
  }

  /**
   * What one history breaks; empty: it keeps all promises.
   *
   * @param story gets what happened, line by line; null: nobody asks
   */
  public static List<String> run(long seed, MassConduct conduct, @Nullable List<String> story) {
    var history = new MassHistory(seed, conduct);
    history.play();
    history.check();
    if (story != null) {
      story.addAll(history.world.story);
    }
    return history.broken;
  }

  private void play() {
    boolean asked = false;
    for (world.now = 1; world.now < STEPS; world.now++) {
      switch (world.random.nextInt(8)) {
        case 0, 1 -> world.market();
        case 2 -> asked = asked || world.chance(300);
        case 3 -> {
          if (asked && world.chance(500)) { // else the ledger is killed, and nothing stands there
            spread();
          }
        }
        case 4 -> ledger();
        default -> tasks.get(world.random.nextInt(tasks.size())).step();
      }
    }
    world.calm = true;
    spread();
    boolean any = true;
    while (any && world.now++ < MOST) {
      any = ledger();
      for (MassTask task : tasks) {
        any |= task.step();
      }
    }
    if (any) {
      broken.add("it never comes to rest");
    }
  }

  /** In one transaction, once. */
  private void spread() {
    if (world.partitions.getFirst().commanded < 0) {
      world.say("command");
      int count = world.conduct.spread(world.partitions.size());
      world.partitions.subList(0, count).forEach(partition -> partition.commanded = world.now);
    }
  }

  /** Reads one intent; the same cancelId again is the same cancel. */
  private boolean ledger() {
    boolean any = false;
    for (MassWorld.Partition partition : world.partitions) {
      int at = read[partition.number];
      if (at >= partition.intents.size()) {
        continue;
      }
      any = true;
      read[partition.number]++;
      MassWorld.Asked asked = partition.intents.get(at);
      if (!outcomes.containsKey(asked.cancelId())) {
        MassPart.Settled outcome = outcome(partition, asked, at);
        outcomes.put(asked.cancelId(), outcome);
        world.parts.add(outcome);
        world.say("outcome " + outcome);
      }
    }
    return any;
  }

  private MassPart.Settled outcome(MassWorld.Partition partition, MassWorld.Asked asked, int at) {
    CancelResult result = CancelResult.CANCELED;
    Reason reason = Reason.CONFIRMED_BY_VENUE;
    OrderState state = state(partition, asked.order(), world.now + 1);
    if (state != null && state.certainlyEnded()) {
      result = CancelResult.REJECTED;
      reason = Reason.ofEnded(state.ordStatus());
    } else if (world.chance(100)) {
      result = CancelResult.UNRESOLVED;
      reason = Reason.NO_ANSWER;
    } else if (world.chance(100)) {
      result = CancelResult.REJECTED;
      reason = Reason.RATE_LIMITED;
    } else {
      world.tell(partition, asked.order(), OrdStatus.CANCELED);
    }
    return new MassPart.Settled(
        asked.order().key(),
        asked.cancelId(),
        result,
        reason,
        new Evidence("cancel-intents", partition.number, at));
  }

  /** By the events that were appended before. */
  private static @Nullable OrderState state(
      MassWorld.Partition partition, OrderRef order, int before) {
    OrderState state = null;
    for (int offset = 0; offset < partition.events.size(); offset++) {
      MassWorld.Told told = partition.events.get(offset);
      if (told.at() < before && told.event().order().equals(order)) {
        state = OrderFold.fold(state, told.event(), MassWorld.at(partition, offset));
      }
    }
    return state;
  }

  private MassReport report() {
    Instant deadline = Objects.requireNonNull(world.mass.deadline());
    var tally =
        new MassTally(
            world.mass, deadline, world.conduct.awaited(world.partitions.size()), Set.of("v"));
    List<MassPart> parts = new ArrayList<>(world.parts);
    if (world.chance(300)) { // heard twice
      parts.addAll(world.parts);
    }
    parts.forEach(tally::heard);
    return tally.report(1, world.time());
  }

  private void check() {
    MassReport report = report();
    int rejected = report.rejected().values().stream().mapToInt(Integer::intValue).sum();
    must(
        report.total()
            == report.canceled()
                + report.pending()
                + report.unresolved()
                + report.waiting()
                + rejected,
        "the report's parts do not sum to the scope");
    must(report.state() == MassReport.State.DONE, "not done: " + report);
    must(report.total() == outcomes.size(), "the scope has not one outcome for each order");
    must(
        report.canceled() == count(CancelResult.CANCELED)
            && report.unresolved() == count(CancelResult.UNRESOLVED)
            && rejected == count(CancelResult.REJECTED),
        "the report says other than the outcomes");
    boolean late = report.notCovered().stream().anyMatch(text -> text.contains("not read in time"));
    for (MassWorld.Partition partition : world.partitions) {
      Set<String> cancelled = new HashSet<>();
      partition.intents.forEach(asked -> cancelled.add(asked.order().key()));
      for (OrderRef order : partition.orders) {
        boolean in = cancelled.contains(order.key());
        must(
            !in || order.account().equals(MassWorld.IN_SCOPE),
            order.key() + " is outside the scope, and was cancelled");
        MassWorld.Told first = MassWorld.first(partition, order);
        must(
            !in || first == null || first.at() <= partition.told,
            order.key() + " was opened when the scope was told, and was cancelled");
        must(in || late || !open(partition, order), order.key() + " is in scope, and was left");
      }
    }
  }

  /** Whether it was open when the command came, and never over before the scope was told. */
  private static boolean open(MassWorld.Partition partition, OrderRef order) {
    int told = partition.told < 0 ? Integer.MAX_VALUE - 1 : partition.told;
    if (partition.commanded < 0) { // it should have come
      return order.account().equals(MassWorld.IN_SCOPE) && lives(partition, order, 0, told);
    }
    return order.account().equals(MassWorld.IN_SCOPE)
        && lives(partition, order, partition.commanded, told);
  }

  private static boolean lives(MassWorld.Partition partition, OrderRef order, int from, int to) {
    OrderState then = state(partition, order, from);
    boolean lives = from == 0 || (then != null && !then.certainlyEnded());
    for (MassWorld.Told one : partition.events) {
      if (one.at() >= from && one.at() <= to && one.event().order().equals(order)) {
        OrderState now = state(partition, order, one.at() + 1);
        lives &= now != null && !now.certainlyEnded();
      }
    }
    return lives;
  }

  private long count(CancelResult result) {
    return outcomes.values().stream().filter(one -> one.result() == result).count();
  }

  private void must(boolean holds, String promise) {
    if (!holds) {
      broken.add("8: " + promise);
    }
  }
}
