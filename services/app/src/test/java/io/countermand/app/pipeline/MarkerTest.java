package io.countermand.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.config.Settings;
import io.countermand.desk.Desk;
import io.countermand.desk.settings.DeskSettings;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrderRef;
import io.countermand.observe.OpsPort;
import io.countermand.venues.CallResult;
import io.countermand.venues.Capabilities;
import io.countermand.venues.Probe;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.limits.Limits;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** No call without a durable marker: while the broker stands still, the venue hears nothing. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class MarkerTest {

  private static final String VENUE = "cadenza";

  private final Pipeline pipeline;
  private final CountDownLatch checked = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  MarkerTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Test
  void shouldCallOnlyOnceTheMarkerIsDurable() throws Exception {
    // Given
    OrderRef order = pipeline.place(VENUE);
    Intent intent = Pipeline.patient(order);
    pipeline.stack().stop("desk");
    pipeline.publish(intent);
    try (Desk _ = Desk.start(settings(), OpsPort.none().meters())) {
      checked.await();
      // When
      pipeline.stack().pauseBroker();
      try {
        go.countDown();
        // Then
        Awaitility.await("silence")
            .during(Duration.ofSeconds(1))
            .atMost(Duration.ofSeconds(60))
            .until(() -> pipeline.cancelCalls(order).isEmpty());
      } finally {
        pipeline.stack().resumeBroker();
      }
      assertThat(pipeline.await(intent.cancelId()).result()).isEqualTo(CancelResult.CANCELED);
      assertThat(pipeline.cancelCalls(order)).hasSize(1);
    } finally {
      pipeline.stack().start("desk");
      pipeline.stack().awaitReady();
    }
  }

  private DeskSettings settings() {
    Clock clock = Clock.systemUTC();
    DeskSettings own = Settings.desk(pipeline.stack().config(), Set.of(), new Limits(clock), clock);
    return new DeskSettings(
        own.connection(),
        own.streams(),
        own.check(),
        own.rules(),
        own.forgetTerminal(),
        own.forgetIdle(),
        own.venues().stream()
            .map(venue -> venue.name().equals(VENUE) ? gated(venue) : venue)
            .toList(),
        own.only(),
        own.mostWaiting(),
        own.drain());
  }

  private DeskSettings.Venue gated(DeskSettings.Venue own) {
    return new DeskSettings.Venue(
        own.name(),
        new Gated(own.adapter()),
        own.budget(),
        own.governor(),
        own.rules(),
        own.concurrency(),
        own.keepConnection());
  }

  /** The real adapter, whose check, on the stream thread before the marker, waits for the test. */
  private final class Gated implements VenueAdapter {

    private final VenueAdapter real;

    Gated(VenueAdapter real) {
      this.real = real;
    }

    @Override
    public Capabilities capabilities() {
      return real.capabilities();
    }

    @Override
    public Optional<Reply.Refused> check(CancelRequest request) {
      checked.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return real.check(request);
    }

    @Override
    public CallResult cancel(CancelRequest request, Duration timeout) {
      return real.cancel(request, timeout);
    }

    @Override
    public CallResult status(CancelRequest request, Duration timeout) {
      return real.status(request, timeout);
    }

    @Override
    public Probe probe(Duration timeout) {
      return real.probe(timeout);
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
