package io.countermand.bench.load;

import io.countermand.domain.Intent;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.options.VenueKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The intents of the load at the adapters' own rates, for one venue of each adapter. */
public final class RateOrders {

  /** Time enough for each at the slowest rate. */
  public static final Duration DEADLINE = Duration.ofMinutes(10);

  public static final List<String> VENUES =
      List.of(VenueKind.values()).stream().map(VenueKind::adapter).toList();

  private static final String ACCOUNT = "Sim101";
  private static final String OTHER_ACCOUNT = "Sim202";
  private static final int PRIORITY = 5;

  private RateOrders() {}

  /** So many of each venue, in turn: index by the number of venues is the venue's. */
  public static List<Intent> many(int each, long firstOrder, Instant now) {
    List<Intent> intents = new ArrayList<>();
    for (int i = 0; i < each * VENUES.size(); i++) {
      intents.add(intent(VENUES.get(i % VENUES.size()), ACCOUNT, firstOrder + i, null, now));
    }
    return intents;
  }

  /** For each venue, in turn: one with a priority, and one of another account. */
  public static List<Intent> late(long firstOrder, Instant now) {
    List<Intent> intents = new ArrayList<>();
    long order = firstOrder;
    for (String venue : VENUES) {
      intents.add(intent(venue, ACCOUNT, order++, PRIORITY, now));
      intents.add(intent(venue, OTHER_ACCOUNT, order++, null, now));
    }
    return intents;
  }

  private static Intent intent(
      String venue, String account, long number, @Nullable Integer priority, Instant now) {
    return new Intent(
        "rates-" + number,
        new OrderRef(venue, account, orderId(venue, number)),
        null,
        null,
        null,
        now.plus(DEADLINE),
        false,
        true,
        null,
        priority,
        Map.of(),
        now);
  }

  /** As the venue's own look. */
  private static String orderId(String venue, long number) {
    return switch (VenueKind.of(venue)) {
      case NEURATRADE -> "ord-20260303120000-" + number;
      case TRADOVATE -> Long.toString(number);
      default -> "%032x".formatted(number);
    };
  }
}
