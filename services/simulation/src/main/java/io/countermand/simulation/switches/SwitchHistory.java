package io.countermand.simulation.switches;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.domain.Reason;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassIntents;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassTally;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderDetails;
import io.countermand.domain.order.OrderEvent;
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
 * Kill switches from one seed: orders open and end, switches are fired and released, tasks crash,
 * lose their state, or their log has lost a command. In the end all comes to rest; then more orders
 * open. Held against the topics:
 *
 * <ul>
 *   <li>under a switch that is on, each order in scope that is open has its cancel
 *   <li>all its cancels of an order are one cancel, and one more for an event that shows the order
 *       open again; one life of a task asks once for each as it watches
 *   <li>outside its scope none has one
 *   <li>after the release nothing that opens has one, once its task has heard of the release
 *   <li>the report of what was open when it fired adds up
 * </ul>
 */
public final class SwitchHistory {

  private static final int STEPS = 160;
  private static final int MOST = 20_000;

  private final SwitchWorld world;
  private final List<SwitchTask> tasks = new ArrayList<>();

  /** How far the ledger has read the intents, by partition. */
  private final int[] read;

  private final Set<String> settled = new HashSet<>();

  private SwitchHistory(long seed, SwitchConduct conduct) {
    this.world = new SwitchWorld(seed, conduct);
    world.partitions.forEach(partition -> tasks.add(new SwitchTask(world, partition)));
    this.read = new int[world.partitions.size()];
  }

  /**
   * What one history breaks; empty: it keeps all promises.
   *
   * @param story gets what happened, line by line; null: nobody asks
   */
  public static List<String> run(long seed, SwitchConduct conduct, @Nullable List<String> story) {
    var history = new SwitchHistory(seed, conduct);
    history.play();
    history.check();
    if (story != null) {
      story.addAll(history.world.story);
    }
    return history.world.broken;
  }

  private void play() {
    for (world.now = 1; world.now < STEPS; world.now++) {
      switch (world.random.nextInt(10)) {
        case 0, 1, 2 -> world.market();
        case 3 -> {
          if (world.chance(300)) {
            world.ask();
          }
        }
        case 4 -> ledger();
        default -> tasks.get(world.random.nextInt(tasks.size())).step();
      }
    }
    rest();
    for (SwitchTask task : tasks) {
      if (world.chance(300)) {
        task.crash(world.chance(500));
      }
    }
    for (SwitchWorld.Partition partition : world.partitions) {
      for (int i = 0; i < 3; i++) {
        world.now++;
        world.open(partition);
      }
    }
    rest();
  }

  private void rest() {
    world.calm = true;
    int end = world.now + MOST;
    boolean any = true;
    while (any && world.now++ < end) {
      any = ledger();
      for (SwitchTask task : tasks) {
        any |= task.step();
      }
    }
    world.must(!any, "it never comes to rest");
  }

  /** Reads one intent of each partition; the same cancelId again is the same cancel. */
  private boolean ledger() {
    boolean any = false;
    for (SwitchWorld.Partition partition : world.partitions) {
      int at = read[partition.number];
      if (at < partition.intents.size()) {
        any = true;
        read[partition.number]++;
        Intent intent = partition.intents.get(at).intent();
        if (settled.add(intent.cancelId())) {
          settle(partition, intent, at);
        }
      }
    }
    return any;
  }

  private void settle(SwitchWorld.Partition partition, Intent intent, int at) {
    CancelResult result = CancelResult.CANCELED;
    Reason reason = Reason.CONFIRMED_BY_VENUE;
    OrderState state = Objects.requireNonNull(partition.orders().get(intent.order()));
    if (state.certainlyEnded()) {
      result = CancelResult.REJECTED;
      reason = Reason.ofEnded(state.ordStatus());
    } else if (world.chance(300)) {
      result = CancelResult.REJECTED;
      reason = Reason.RATE_LIMITED;
    } else {
      world.tell(partition, intent.order(), OrdStatus.CANCELED);
    }
    if (!MassIntents.isPart(intent.cancelId(), intent.order().key())) {
      return; // the report tells of first cancels only
    }
    world
        .parts
        .computeIfAbsent(Objects.requireNonNull(intent.massId()), _ -> new ArrayList<>())
        .add(
            new MassPart.Settled(
                intent.order().key(),
                intent.cancelId(),
                result,
                reason,
                new Evidence("cancel-intents", partition.number, at)));
  }

  private void check() {
    for (KillSwitch one : world.switches.values()) {
      MassCancel mass = one.mass();
      for (SwitchWorld.Partition partition : world.partitions) {
        Map<OrderRef, List<SwitchWorld.Asked>> asked = new HashMap<>();
        partition.intents.stream()
            .filter(each -> mass.massId().equals(each.intent().massId()))
            .forEach(
                each ->
                    asked.computeIfAbsent(each.intent().order(), _ -> new ArrayList<>()).add(each));
        partition
            .orders()
            .forEach(
                (order, state) ->
                    check(one, partition, order, state, asked.getOrDefault(order, List.of())));
      }
      report(one);
    }
  }

  private void check(
      KillSwitch one,
      SwitchWorld.Partition partition,
      OrderRef order,
      OrderState state,
      List<SwitchWorld.Asked> asked) {
    MassCancel mass = one.mass();
    String what = order.key() + " under " + mass.massId() + ": ";
    boolean means = SwitchWorld.means(mass, order, state.details());
    boolean late = world.late.contains(List.of(mass.massId(), partition.number));
    // An order that lives again is told anew whose it is.
    String trader = Objects.requireNonNull(partition.traders.get(order));
    boolean ever =
        SwitchWorld.means(mass, order, OrderDetails.of(null, null, trader, null, null, null));
    world.must(ever || asked.isEmpty(), what + "outside its scope, and has a cancel");
    world.must(
        !one.on() || !means || state.certainlyEnded() || late || !asked.isEmpty(),
        what + "open in scope, and has no cancel");
    Set<String> ids = ids(partition, mass.massId(), order);
    world.must(
        asked.stream().allMatch(each -> ids.contains(each.intent().cancelId())),
        what + "has more than its cancels");
    Map<List<Object>, Integer> lives = new HashMap<>();
    asked.stream()
        .filter(SwitchWorld.Asked::watched)
        .forEach(
            each -> lives.merge(List.of(each.life(), each.intent().cancelId()), 1, Integer::sum));
    world.must(
        lives.values().stream().allMatch(count -> count == 1),
        what + "asked for twice by one that watches");
    KillSwitch.Release off = one.released();
    boolean after = off != null && SwitchWorld.instant(partition.opened(order)).isAfter(off.at());
    world.must(
        !after || asked.stream().noneMatch(SwitchWorld.Asked::offKnown),
        what + "opened after the release, and was cancelled by a task that knew of it");
  }

  /**
   * Of the first cancel; and, of an order that once had ended, of one for each of its events: to a
   * task that reads again, with a table that is ahead, any of them may show it open once more.
   */
  private static Set<String> ids(SwitchWorld.Partition partition, String massId, OrderRef order) {
    Set<String> further = new HashSet<>();
    OrderState state = null;
    boolean ended = false;
    for (int i = 0; i < partition.events.size(); i++) {
      OrderEvent event = partition.events.get(i).event();
      if (event.order().equals(order)) {
        state = OrderFold.fold(state, event, partition.event(i));
        ended |= state.certainlyEnded();
        further.add(MassIntents.cancelId(massId, order.key(), partition.event(i)));
      }
    }
    Set<String> ids = ended ? further : new HashSet<>();
    ids.add(MassIntents.cancelId(massId, order.key()));
    return ids;
  }

  /** Of one that was released, a task whose log has lost the command tells nothing. */
  private void report(KillSwitch one) {
    MassCancel mass = one.mass();
    Instant deadline = Objects.requireNonNull(mass.deadline());
    var tally =
        new MassTally(mass, deadline, world.partitions.size(), Set.of("v", SwitchWorld.CLOSING));
    world.parts.getOrDefault(mass.massId(), List.of()).forEach(tally::heard);
    MassReport report = tally.report(1, world.time());
    int rejected = report.rejected().values().stream().mapToInt(Integer::intValue).sum();
    world.must(
        report.total()
            == report.canceled()
                + report.pending()
                + report.unresolved()
                + report.waiting()
                + rejected,
        mass.massId() + ": the report's parts do not sum to the scope");
    world.must(
        !one.on() || report.state() == MassReport.State.DONE,
        mass.massId() + ": not done: " + report.text());
  }
}
