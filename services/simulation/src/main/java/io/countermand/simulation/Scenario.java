package io.countermand.simulation;

import io.countermand.domain.Intent;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulation.engine.Choices;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happens from outside: orders live and die, producers publish intents. */
final class Scenario {

  private static final int LATEST_START = 3000;

  private final World world;
  private final SimulatedVenue venue;
  private final Choices choices;
  private final List<TrueOrder> books = new ArrayList<>();
  private final List<Intent> published = new ArrayList<>();

  Scenario(World world, SimulatedVenue venue) {
    this.world = world;
    this.venue = venue;
    this.choices = world.choices;
  }

  void plan() {
    int orders = 1 + choices.pick(world.setting.permits().scarce() ? 4 : 2);
    for (int i = 0; i < orders; i++) {
      order(i);
    }
    int intents = 1 + choices.pick(6);
    for (int i = 0; i < intents; i++) {
      int number = i;
      long latest = choices.chance(250) ? 3 * LATEST_START : LATEST_START;
      world.time.after(choices.between(0, latest), () -> publish(number));
    }
  }

  private void order(int number) {
    TrueOrder book = new TrueOrder(new OrderRef(HistorySettings.VENUE, "acc", "o" + number));
    world.books.put(book.ref, book);
    books.add(book);
    if (choices.chance(60)) {
      return; // nobody ever placed it
    }
    boolean late = world.faults.changesMind() && choices.chance(200);
    long opens = late ? choices.between(1, LATEST_START) : 0;
    world.time.after(opens, () -> venue.change(book, OrdStatus.NEW, null));
    book.refuses = choices.chance(40);
    book.unsendable = choices.chance(30);
    if (choices.chance(300)) {
      world.time.after(
          opens + choices.between(1, LATEST_START),
          () -> venue.change(book, OrdStatus.PARTIALLY_FILLED, null));
    }
    if (choices.chance(500)) {
      OrdStatus end =
          switch (choices.pick(3)) {
            case 0 -> OrdStatus.FILLED;
            case 1 -> OrdStatus.EXPIRED;
            default -> OrdStatus.CANCELED;
          };
      world.time.after(
          opens + choices.between(1, 2L * LATEST_START),
          () ->
              venue.change(book, end, end == OrdStatus.CANCELED ? TrueOrder.SOMEBODY_ELSE : null));
    }
  }

  private void publish(int number) {
    Intent intent = intent("c" + number);
    if (!published.isEmpty() && choices.chance(150)) {
      Intent earlier = published.get(choices.pick(published.size()));
      intent =
          copy(
              earlier,
              choices.chance(300) != earlier.override(),
              choices.chance(500) ? deadline() : earlier.deadline());
    } else if (choices.chance(40)) {
      intent = copy(intent, "");
    } else if (choices.chance(40)) {
      intent = copy(intent, intent.cancelId() + "m");
    }
    published.add(intent);
    int offset = world.intents.append(intent, null);
    if (world.telling()) {
      world.say(
          "producer",
          "intent@"
              + offset
              + " "
              + intent.cancelId()
              + " of "
              + intent.order().orderId()
              + (intent.override() ? " override" : "")
              + (intent.deadline() == null ? "" : " until " + world.virtual(intent.deadline())));
    }
  }

  private Intent intent(String id) {
    TrueOrder book = books.get(choices.pick(books.size()));
    return new Intent(
        id,
        book.ref,
        null,
        null,
        null,
        choices.chance(700) ? deadline() : null,
        choices.chance(80),
        false,
        null,
        choices.chance(150) ? 1 : null,
        Map.of(),
        world.instant(0));
  }

  private Instant deadline() {
    return world.instant(choices.chance(500) ? choices.between(100, 2000) : 5900);
  }

  private static Intent copy(Intent from, boolean override, @Nullable Instant deadline) {
    return new Intent(
        from.cancelId(),
        from.order(),
        null,
        null,
        null,
        deadline,
        override,
        false,
        null,
        from.attributes(),
        from.createdAt());
  }

  /** Without id it cannot be answered; with an id that ends in m it lacks an account. */
  private static Intent copy(Intent from, String id) {
    OrderRef order = from.order();
    return new Intent(
        id,
        id.isEmpty() ? order : new OrderRef(order.venue(), "", order.orderId()),
        null,
        null,
        null,
        from.deadline(),
        from.override(),
        false,
        null,
        Map.of(),
        from.createdAt());
  }
}
