package io.countermand.desk.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.desk.settings.DeskSettings;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.streams.ClockSkew;
import io.countermand.venues.limits.Pause;
import io.countermand.venues.limits.Rate;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A venue that counts its probes, and the real lane before it. */
class WarmVenueTest {

  private static final KafkaConnection AWAY =
      new KafkaConnection("127.0.0.1:1", "http://127.0.0.1:1", "i", Map.of(), Map.of());

  private static final Rate AMPLE = new Rate(100, Duration.ofSeconds(1), 100);
  private static final Duration LONG = Duration.ofMinutes(5);

  private final Calls.Counting adapter = new Calls.Counting();

  private interface Body {
    void of(WarmVenue warm, VenueLane lane) throws InterruptedException;
  }

  private void with(Rate rate, Duration within, Body body) throws InterruptedException {
    DeskSettings.Venue venue = Calls.venue(adapter, rate);
    var breaker = new Breaker(Calls.VENUE, Duration.ofMillis(100));
    var meters = new LaneMeters(new SimpleMeterRegistry(), Calls.VENUE);
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk");
        var lane =
            new VenueLane(
                venue, new AttemptRun(venue, post, breaker, meters, "desk-i"), breaker, meters, 9);
        var warm = new WarmVenue(lane, within)) {
      body.of(warm, lane);
    }
  }

  @Test
  void shouldConnectBeforeTheFirstCancelAndStayConnected() throws InterruptedException {
    with(
        AMPLE,
        LONG,
        (warm, lane) -> {
          assertThat(warm.missing()).isEqualTo("venue v: not logged in and connected yet");
          // When
          warm.start();
          // Then it is ready after one probe, and asked again while nobody calls
          Until.until(() -> warm.missing() == null && warm.warm());
          Until.until(() -> adapter.probes.get() >= 3);
          assertThat(adapter.called.getCount()).isEqualTo(1); // no cancel
          assertThat(lane.venue().budget().available()).isLessThanOrEqualTo(100);
        });
  }

  @Test
  void shouldNotBeWaitedForLongWhenItIsAway() throws InterruptedException {
    adapter.serves = false;
    with(
        AMPLE,
        Duration.ofMillis(500),
        (warm, lane) -> {
          warm.start();
          Until.until(() -> adapter.probes.get() >= 1);
          // Then readiness waits no longer than it was told to
          Until.until(() -> warm.missing() == null);
          assertThat(warm.warm()).isFalse();
          // And it is noticed when it is back
          adapter.serves = true;
          Until.until(warm::warm);
        });
  }

  /** As a WebSocket's venue that answers the handshake with 429. */
  @Test
  void shouldNotBeWarmWithoutAConnection() throws InterruptedException {
    adapter.connects = false;
    with(
        AMPLE,
        LONG,
        (warm, lane) -> {
          warm.start();
          // Then
          Until.until(() -> adapter.probes.get() >= 2);
          assertThat(warm.warm()).isFalse();
          assertThat(warm.missing()).isEqualTo("venue v: HTTP 429");
          // And it is noticed when it connects
          adapter.connects = true;
          Until.until(warm::warm);
        });
  }

  @Test
  void shouldLeaveTheLastPermitToACancel() throws InterruptedException {
    with(
        new Rate(1, Duration.ofDays(1), 1),
        Duration.ofMillis(500),
        (warm, lane) -> {
          warm.start();
          Until.until(() -> warm.missing() == null);
          assertThat(adapter.probes.get()).isZero();
          assertThat(lane.venue().budget().available()).isEqualTo(1);
        });
  }

  @Test
  void shouldNotWaitForAVenueThatIsPaused() throws InterruptedException {
    with(
        AMPLE,
        LONG,
        (warm, lane) -> {
          Instant until = Instant.now().plusSeconds(600);
          lane.venue().governor().pause(new Pause(until, Pause.Cause.RATE_LIMITED, "later"));
          warm.start();
          assertThat(warm.missing()).isNull();
          assertThat(adapter.probes.get()).isZero();
        });
  }
}
