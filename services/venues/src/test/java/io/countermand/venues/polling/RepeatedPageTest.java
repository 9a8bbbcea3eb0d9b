package io.countermand.venues.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countermand.domain.order.OrderRef;
import io.countermand.venues.Credentials;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.limits.Budget;
import io.countermand.venues.limits.Rate;
import io.countermand.venues.limits.VenueGovernor;
import io.countermand.venues.testing.TestServer;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A venue that answers with the same page, whatever page it is asked for. */
class RepeatedPageTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void shouldEndTheRoundAndBeginAnother() {
    // Given
    String orders =
        IntStream.range(0, 12)
            .mapToObj(
                i ->
                    "{\"tradeOrderId\":\"o-%d\",\"tradingAccountId\":\"acc\",\"status\":\"OPEN\"}"
                        .formatted(i))
            .collect(Collectors.joining(",", "[", "]"));
    Clock clock = Clock.systemUTC();
    try (var server = new TestServer();
        var adapter =
            Venues.create(
                "cadenza",
                VenueSettings.of(
                    "cadenza",
                    server.url(),
                    Credentials.of(Map.of("token", "t")),
                    Map.of(),
                    clock));
        var feed =
            new PollingFeed(
                "cadenza",
                adapter,
                new Budget(Rate.perSecond(10_000, 10_000), clock),
                new VenueGovernor("cadenza", clock),
                new PollPace(Duration.ofMillis(5), clock),
                PATIENCE,
                clock)) {
      server.always(TestServer.json(200, "{\"success\":true,\"errno\":0,\"data\":" + orders + "}"));
      Set<OrderRef> told = ConcurrentHashMap.newKeySet();
      // When
      feed.start(event -> told.add(event.order()));
      // Then
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  server.requests().stream()
                          .filter(request -> request.line().contains("offset=0"))
                          .count()
                      >= 3);
      assertThat(told).hasSize(12);
      assertThat(feed.healthy()).isFalse();
    }
  }
}
