package io.countermand.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.app.config.Config;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderEvent;
import io.countermand.platform.Topics;
import io.countermand.venues.limits.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Orders of a venue that has a list and no stream, into order-events. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class PollingFeedTest {

  private final Pipeline pipeline;

  PollingFeedTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  private Config config() {
    return Config.load(
        Optional.of(pipeline.stack().configFile()),
        Map.of("COUNTERMAND_VENUES_CROSSTRADE_POLL_EVERY", "1s"),
        Map.of(),
        venue -> true);
  }

  @Test
  void shouldPublishWhatTheListTellsAndWhatBecameOfIt() {
    // Given
    OrderRef order = pipeline.place("crosstrade");
    int before = told(order).size();

    // When
    try (var feed = VenueFeed.start(config(), "crosstrade", new Limits(Clock.systemUTC()))) {
      Awaitility.await("listed")
          .atMost(Duration.ofSeconds(60))
          .until(() -> told(order).size() > before && feed.healthy());
      pipeline.stack().simulator().book().fill(order);

      // Then: the simulator's own listener tells it, too
      Awaitility.await("filled")
          .atMost(Duration.ofSeconds(60))
          .until(() -> filled(order).size() == 2);
    }
    assertThat(filled(order)).extracting(OrderEvent::getRawStatus).contains("Filled");
  }

  @Test
  void shouldSayWhichVenueHasNeitherStreamNorList() {
    assertThatThrownBy(
            () -> VenueFeed.start(config(), "crosstrade-webhook", new Limits(Clock.systemUTC())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no order feed and no list");
  }

  private List<OrderEvent> filled(OrderRef order) {
    return told(order).stream().filter(e -> e.getOrdStatus() == OrdStatus.FILLED).toList();
  }

  private List<OrderEvent> told(OrderRef order) {
    return pipeline.read(Topics.ORDER_EVENTS).stream()
        .filter(r -> r.value() != null && r.key() != null)
        .filter(r -> order.key().equals(new String(r.key(), StandardCharsets.UTF_8)))
        .map(r -> pipeline.decode(r, OrderEvent.class))
        .toList();
  }
}
