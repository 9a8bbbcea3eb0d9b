package io.countermand.app.chaos;

import io.countermand.domain.order.OrderRef;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What happens to one order, in order of time. */
record OrderScript(OrderRef order, Kind kind, List<Act> acts) {

  /** What the order and its cancels are like. */
  enum Kind {
    OPEN(48, true),
    PARTLY_FILLED(8, true),
    REPEATED(8, true),
    JOINED(10, true),
    FILLED_BEFORE(8, false),
    FILL_RACES(8, false),
    OTHER_CANCELS(5, false),
    AGAIN(2, false),
    UNKNOWN(2, false),
    PAST_DEADLINE(1, false);

    private final int weight;
    private final boolean open;

    Kind(int weight, boolean open) {
      this.weight = weight;
      this.open = open;
    }

    /** Whether a cancel in time is what ends the order. */
    boolean open() {
      return open;
    }
  }

  /** One thing that happens; {@code at} counts from the start of the flow. */
  sealed interface Act {
    Duration at();
  }

  record Place(Duration at) implements Act {}

  /** Null: all that is open. */
  record Fill(Duration at, @Nullable BigDecimal filled) implements Act {}

  record OtherCancel(Duration at) implements Act {}

  /** An intent is published; {@code life} is from then to its deadline. */
  record Send(Duration at, String cancelId, Duration life, boolean override) implements Act {}

  /** From a cancel to its deadline, at the most. */
  static final Duration LONGEST_LIFE = Duration.ofSeconds(45);

  private static final String WARM_UP = "warm-up";
  private static final long STANDS_MS = 500;

  /** One plain cancel. */
  static List<OrderScript> warmUp() {
    return List.of(plain(new OrderRef(RunConfig.VENUE, "Sim101", "0".repeat(32)), WARM_UP));
  }

  /** A cancel of an open order, with time enough for a pipeline that is still starting. */
  static OrderScript plain(OrderRef order, String cancelId) {
    return new OrderScript(
        order,
        Kind.OPEN,
        List.of(
            new Place(Duration.ZERO),
            new Send(Duration.ofMillis(STANDS_MS), cancelId, Duration.ofSeconds(90), false)));
  }

  static boolean isWarmUp(String cancelId) {
    return cancelId.equals(WARM_UP);
  }

  /** A seeded flow of so many intents, repeats not counted, evenly over the time. */
  static List<OrderScript> flow(Random random, int intents, Duration over) {
    return flow(random, intents, over, FlowNames.CHAOS);
  }

  static List<OrderScript> flow(Random random, int intents, Duration over, FlowNames names) {
    List<OrderScript> scripts = new ArrayList<>();
    int n = 0;
    while (n < intents) {
      long at = STANDS_MS + over.toMillis() * n / intents;
      OrderScript script = one(random, n, at, names);
      scripts.add(script);
      n += Math.toIntExact(script.cancelIds());
    }
    return scripts;
  }

  private static OrderScript one(Random random, int n, long at, FlowNames names) {
    OrderRef order = names.order(random, n);
    Kind kind = pick(random);
    Maker make = new Maker(random, names.cancel(n), at);
    if (kind != Kind.UNKNOWN) {
      make.acts.add(new Place(Duration.ofMillis(at - STANDS_MS)));
    }
    switch (kind) {
      case OPEN, UNKNOWN -> make.send(0, "");
      case PARTLY_FILLED -> {
        make.fill(-300, BigDecimal.valueOf(1 + random.nextInt(9)));
        make.send(0, "");
      }
      case REPEATED -> {
        make.send(0, "");
        make.send(random.nextInt(1500), "");
      }
      case JOINED -> {
        make.send(0, "");
        make.send(random.nextInt(20), "b");
        if (random.nextBoolean()) {
          make.send(20 + random.nextInt(600), "c");
        }
      }
      case FILLED_BEFORE -> {
        make.fill(-300, null);
        make.send(0, "");
      }
      case FILL_RACES -> {
        boolean first = random.nextBoolean();
        if (first) {
          make.fill(-random.nextInt(8), null);
        }
        make.send(0, "");
        if (!first) {
          make.fill(random.nextInt(30), random.nextBoolean() ? BigDecimal.valueOf(3) : null);
        }
      }
      case OTHER_CANCELS -> {
        boolean first = random.nextBoolean();
        if (first) {
          make.acts.add(new OtherCancel(Duration.ofMillis(at - random.nextInt(300))));
        }
        make.send(0, "");
        if (!first) {
          make.acts.add(new OtherCancel(Duration.ofMillis(at + random.nextInt(30))));
        }
      }
      case AGAIN -> {
        make.send(0, "");
        make.send(3_000 + random.nextInt(3_000), "b");
        make.acts.add(new Send(Duration.ofMillis(at + 7_000), make.id + "o", make.life(), true));
      }
      case PAST_DEADLINE ->
          make.acts.add(new Send(Duration.ofMillis(at), make.id, Duration.ofSeconds(-5), false));
    }
    return new OrderScript(order, kind, List.copyOf(make.acts));
  }

  private static Kind pick(Random random) {
    int n = random.nextInt(100);
    for (Kind kind : Kind.values()) {
      n -= kind.weight;
      if (n < 0) {
        return kind;
      }
    }
    return Kind.OPEN;
  }

  /** Different cancels of this order. */
  long cancelIds() {
    return acts.stream()
        .filter(Send.class::isInstance)
        .map(act -> ((Send) act).cancelId())
        .distinct()
        .count();
  }

  private static final class Maker {
    private final List<Act> acts = new ArrayList<>();
    private final Random random;
    private final String id;
    private final long at;

    Maker(Random random, String id, long at) {
      this.random = random;
      this.id = id;
      this.at = at;
    }

    void fill(long after, @Nullable BigDecimal filled) {
      acts.add(new Fill(Duration.ofMillis(Math.max(0, at + after)), filled));
    }

    void send(long after, String suffix) {
      acts.add(new Send(Duration.ofMillis(at + after), id + suffix, life(), false));
    }

    Duration life() {
      return Duration.ofMillis(25_000 + random.nextInt(20_000));
    }
  }
}
