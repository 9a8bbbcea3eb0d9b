package io.countermand.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.countermand.bench.load.RateOrders;
import io.countermand.bench.measure.VenueRates.Call;
import io.countermand.bench.measure.VenueRates.Late;
import io.countermand.domain.Intent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VenueRatesTest {

  private static final long SECOND = 1_000_000;

  /** Six orders: two at once, then one a second; after the fourth, two more are sent. */
  private static final List<Call> CALLS =
      List.of(
          new Call("1", 10 * SECOND),
          new Call("2", 10 * SECOND),
          new Call("3", 11 * SECOND),
          new Call("4", 12 * SECOND),
          new Call("fresh", 13 * SECOND),
          new Call("5", 14 * SECOND),
          new Call("other", 15 * SECOND),
          new Call("6", 16 * SECOND));

  private static final Late FRESH = new Late("fresh", 12 * SECOND + 1);
  private static final Late OTHER = new Late("other", 12 * SECOND + 1);

  @Test
  void shouldTellHowTheCallsCame() {
    // When
    VenueRates rates = rates(CALLS, CALLS, Map.of("CANCELED", 5, "PENDING", 1));
    // Then
    assertThat(rates)
        .isEqualTo(
            new VenueRates(
                6, 6, 6, 6, 1, 1, 1, new TreeMap<>(Map.of("CANCELED", 5, "PENDING", 1)), 0, 0, 2));
    assertThat(rates.valid()).isTrue();
  }

  @Test
  void shouldTellWhatIsLostAndWhatIsCalledTwice() {
    // Given order 6 is never called, order 1 twice, and nobody answers 6
    List<Call> calls = new ArrayList<>(CALLS.subList(0, 7));
    calls.add(new Call("1", 20 * SECOND));
    // When
    VenueRates rates = rates(calls, calls, Map.of("CANCELED", 5));
    // Then
    assertThat(rates.called()).isEqualTo(5);
    assertThat(rates.calls()).isEqualTo(6);
    assertThat(rates.seconds()).isEqualTo(10);
    assertThat(rates.unanswered()).isEqualTo(1);
    assertThat(rates.valid()).isFalse();
  }

  @Test
  void shouldTellTheRateOfAllWhoShareIt() {
    // Given another instance that calls as often
    List<Call> both = new ArrayList<>(CALLS);
    CALLS.forEach(call -> both.add(new Call("ws-" + call.orderId(), call.at() + SECOND / 2)));
    // When
    VenueRates rates = rates(CALLS, both, Map.of("CANCELED", 6));
    // Then
    assertThat(rates.callsPerSecond()).isCloseTo(1, within(0.01));
    assertThat(rates.userCallsPerSecond()).isCloseTo(2, within(0.01));
  }

  @Test
  void shouldTellOfALateCancelThatWasNeverCalled() {
    // When
    VenueRates rates = rates(CALLS.subList(0, 4), CALLS, Map.of());
    // Then
    assertThat(rates.freshFirst()).isEqualTo(-1);
  }

  @Test
  void shouldGiveEachVenueAsManyOrders() {
    // When
    List<Intent> intents = RateOrders.many(2, 100, Instant.EPOCH);
    // Then in turn, each with ten minutes
    assertThat(intents.stream().map(intent -> intent.order().venue()).toList())
        .isEqualTo(IntStream.range(0, 2).boxed().flatMap(i -> RateOrders.VENUES.stream()).toList());
    assertThat(intents.stream().map(Intent::deadline)).containsOnly(Instant.EPOCH.plusSeconds(600));
    assertThat(new HashSet<>(intents.stream().map(intent -> intent.order().orderId()).toList()))
        .hasSameSizeAs(intents);
  }

  private static VenueRates rates(
      List<Call> calls, List<Call> ofUser, Map<String, Integer> outcomes) {
    SortedMap<String, Integer> sorted = new TreeMap<>(outcomes);
    return VenueRates.of(
        Set.of("1", "2", "3", "4", "5", "6"), calls, ofUser, 1, sorted, FRESH, OTHER);
  }
}
