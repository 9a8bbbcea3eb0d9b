package io.countermand.simulation.mass;

import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The topics of one history, and what chance decides. */
final class MassWorld {

  static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");
  static final String IN_SCOPE = "a";

  /**
   * A record of order-events.
   *
   * @param at when it was appended
   */
  record Told(OrderEvent event, int at) {}

  /** A record of cancel-intents. */
  record Asked(OrderRef order, String cancelId, int at) {}

  /** One partition of what desks read and write. */
  static final class Partition {

    final int number;
    final List<Told> events = new ArrayList<>();
    final List<Asked> intents = new ArrayList<>();
    final List<OrderRef> orders = new ArrayList<>();

    /** When the command was appended; -1: not yet. */
    int commanded = -1;

    /** When the scope was told for the last time; -1: not yet. */
    int told = -1;

    Partition(int number) {
      this.number = number;
    }
  }

  final SplittableRandom random;
  final MassConduct conduct;
  final List<Partition> partitions = new ArrayList<>();
  final List<MassPart> parts = new ArrayList<>();
  final List<String> story = new ArrayList<>();
  final MassCancel mass;

  /** Steps so far; the clock shows as many seconds. */
  int now;

  /** No faults any more: everything is done that is left to do. */
  boolean calm;

  private int made;

  MassWorld(long seed, MassConduct conduct) {
    this.random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 1);
    this.conduct = conduct;
    int count = 1 + random.nextInt(3);
    for (int number = 0; number < count; number++) {
      partitions.add(new Partition(number));
    }
    Instant deadline = BEGINNING.plusSeconds(chance(50) ? 20 + random.nextInt(60) : 1_000_000);
    this.mass =
        new MassCancel(
            "m", MassScope.of("v", IN_SCOPE), "ops", "drill", deadline, false, false, BEGINNING);
  }

  boolean chance(int perMille) {
    return random.nextInt(1000) < perMille;
  }

  Instant time() {
    return BEGINNING.plusSeconds(now);
  }

  void say(String what) {
    story.add(now + " " + what);
  }

  /** The market opens an order, or ends one. */
  void market() {
    Partition partition = partitions.get(random.nextInt(partitions.size()));
    if (partition.orders.isEmpty() || chance(650)) {
      OrderRef order = new OrderRef("v", chance(700) ? IN_SCOPE : "b", Integer.toString(made++));
      partition.orders.add(order);
      tell(partition, order, OrdStatus.NEW);
    } else {
      OrderRef order = partition.orders.get(random.nextInt(partition.orders.size()));
      tell(partition, order, chance(500) ? OrdStatus.FILLED : OrdStatus.CANCELED);
    }
  }

  void tell(Partition partition, OrderRef order, OrdStatus status) {
    say("event " + order.key() + " " + status);
    var event =
        new OrderEvent(
            order, null, status, null, null, null, null, null, time(), null, false, "feed", null,
            time());
    partition.events.add(new Told(event, now));
  }

  static Evidence at(Partition partition, int offset) {
    return new Evidence("order-events", partition.number, offset);
  }

  /** Offset of the first event of an order; null: none. */
  static @Nullable Told first(Partition partition, OrderRef order) {
    return partition.events.stream()
        .filter(told -> told.event().order().equals(order))
        .findFirst()
        .orElse(null);
  }
}
