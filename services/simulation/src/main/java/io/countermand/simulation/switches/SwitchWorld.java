package io.countermand.simulation.switches;

import io.countermand.domain.Intent;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.mass.MassScope;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The topics of one history, what chance decides, and what the ledger takes. */
final class SwitchWorld {

  static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");
  static final String CLOSING = "c";

  private static final long LONG = 1_000_000;
  private static final int MOST_SWITCHES = 3;

  /**
   * A record of order-events.
   *
   * @param at when it was appended
   */
  record Told(OrderEvent event, int at) {}

  /** A record of mass-cancel-commands. */
  record Command(MassCancel mass, int at) {}

  /**
   * A record of cancel-intents.
   *
   * @param life of the task that wrote it
   * @param watched by the switch; false: by its freeze
   * @param offKnown whether that task had heard then that the switch was released
   */
  record Asked(Intent intent, int life, boolean watched, boolean offKnown) {}

  /** A record of kill-switches. */
  record Shown(KillSwitch one, int at) {}

  /** One partition of what desks read and write. */
  static final class Partition {

    final int number;
    final List<Told> events = new ArrayList<>();
    final List<Command> commands = new ArrayList<>();
    final List<Asked> intents = new ArrayList<>();
    final Map<OrderRef, String> traders = new LinkedHashMap<>();

    /** Retention took the commands before it. */
    int commandsStart;

    Partition(int number) {
      this.number = number;
    }

    Evidence event(int offset) {
      return new Evidence("order-events", number, offset);
    }

    /** Offset of the command that fires it; beyond all if there is none. */
    int fired(String massId) {
      for (int offset = 0; offset < commands.size(); offset++) {
        if (commands.get(offset).mass().massId().equals(massId)) {
          return offset;
        }
      }
      return Integer.MAX_VALUE;
    }

    /** When its first event was appended. */
    int opened(OrderRef order) {
      return events.stream()
          .filter(told -> told.event().order().equals(order))
          .findFirst()
          .orElseThrow()
          .at();
    }

    /** By all its events. */
    Map<OrderRef, OrderState> orders() {
      return orders(events.size());
    }

    /** By the events before this offset. */
    Map<OrderRef, OrderState> orders(int end) {
      Map<OrderRef, OrderState> all = new HashMap<>();
      for (int offset = 0; offset < end; offset++) {
        OrderEvent one = events.get(offset).event();
        all.put(one.order(), OrderFold.fold(all.get(one.order()), one, event(offset)));
      }
      return all;
    }
  }

  final SplittableRandom random;
  final SwitchConduct conduct;
  final List<Partition> partitions = new ArrayList<>();
  final Map<String, KillSwitch> switches = new TreeMap<>();
  final List<Shown> topic = new ArrayList<>();
  final Map<String, List<MassPart>> parts = new HashMap<>();

  /** Freezes that came to their deadline before all was read, by switch and partition. */
  final Set<List<Object>> late = new HashSet<>();

  final List<String> broken = new ArrayList<>();
  final List<String> story = new ArrayList<>();

  /** Steps so far; the clock shows as many seconds. */
  int now;

  /** No faults any more: everything is done that is left to do. */
  boolean calm;

  private int made;

  SwitchWorld(long seed, SwitchConduct conduct) {
    this.random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 7);
    this.conduct = conduct;
    int count = 1 + random.nextInt(3);
    for (int number = 0; number < count; number++) {
      partitions.add(new Partition(number));
    }
  }

  boolean chance(int perMille) {
    return random.nextInt(1000) < perMille;
  }

  Instant time() {
    return instant(now);
  }

  static Instant instant(int at) {
    return BEGINNING.plusSeconds(at);
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

  /** The market opens an order, ends one, or tells something of one. */
  void market() {
    Partition partition = partitions.get(random.nextInt(partitions.size()));
    if (partition.traders.isEmpty() || chance(550)) {
      open(partition);
      return;
    }
    List<OrderRef> orders = List.copyOf(partition.traders.keySet());
    OrderRef order = orders.get(random.nextInt(orders.size()));
    OrdStatus status =
        switch (random.nextInt(3)) {
          case 0 -> OrdStatus.FILLED;
          case 1 -> OrdStatus.CANCELED;
          default -> OrdStatus.PARTIALLY_FILLED;
        };
    tell(partition, order, status);
  }

  void open(Partition partition) {
    var order =
        new OrderRef(
            chance(800) ? "v" : CLOSING, chance(700) ? "a" : "b", Integer.toString(made++));
    partition.traders.put(order, chance(600) ? "t" : "u");
    tell(partition, order, OrdStatus.NEW);
  }

  /** Not each event tells whose the order is. */
  void tell(Partition partition, OrderRef order, OrdStatus status) {
    String trader = Objects.requireNonNull(partition.traders.get(order));
    var details = chance(600) ? OrderDetails.of(null, null, trader, null, null, null) : null;
    say("event " + order.key() + " " + status + (details == null ? "" : " of " + trader));
    var event =
        new OrderEvent(
            order, null, status, null, null, null, null, null, time(), null, false, "feed", null,
            time(), details);
    partition.events.add(new Told(event, now));
  }

  /** Somebody fires a switch, or releases one; sometimes one that is off, or that nobody knows. */
  void ask() {
    if (switches.isEmpty() || (switches.size() < MOST_SWITCHES && chance(500))) {
      fire("k" + switches.size());
    } else {
      release("k" + random.nextInt(switches.size() + 1));
    }
  }

  private void fire(String massId) {
    MassScope scope =
        switch (random.nextInt(4)) {
          case 0 -> MassScope.ALL;
          case 1 -> MassScope.of("v", null);
          case 2 -> MassScope.of(null, "a");
          default -> new MassScope(false, null, null, null, null, "t", null, null, null);
        };
    Instant deadline = time().plusSeconds(chance(50) ? 5 + random.nextInt(60) : LONG);
    var mass =
        new MassCancel(
            massId, scope, "ops", "drill", deadline, false, chance(300), time(), true, null);
    say("fire " + massId + ": " + scope.words());
    show(new KillSwitch(mass, time(), null));
    spread(mass);
  }

  private void release(String massId) {
    MassCancel asked = MassCancel.release("r" + now, massId, "ops", "over", time());
    if (KillSwitch.release(switches.get(massId), asked, time())
        instanceof KillSwitch.Released(KillSwitch after, var _)) {
      say("release " + massId);
      show(after);
      spread(asked.until(time().plusSeconds(LONG)).harmless());
    }
  }

  private void show(KillSwitch one) {
    switches.put(one.mass().massId(), one);
    topic.add(new Shown(one, now));
  }

  private void spread(MassCancel mass) {
    int count = mass.keep() ? conduct.spread(partitions.size()) : partitions.size();
    partitions.subList(0, count).forEach(each -> each.commands.add(new Command(mass, now)));
  }

  /** What kill-switches told at that time. */
  List<KillSwitch> shown(int then) {
    Map<String, KillSwitch> all = new LinkedHashMap<>();
    topic.stream()
        .filter(each -> each.at() <= then)
        .forEach(each -> all.put(each.one().mass().massId(), each.one()));
    return List.copyOf(all.values());
  }

  /** Whether the switch means the order, as far as is told by then. */
  static boolean means(MassCancel mass, OrderRef order, @Nullable OrderDetails details) {
    return mass.scope().fit(order, details) == MassScope.Fit.IN
        && (mass.includingPositionClose() || !order.venue().equals(CLOSING));
  }
}
