package io.countermand.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.config.Settings;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.domain.OrderRef;
import io.countermand.domain.Reply;
import io.countermand.observe.OpsPort;
import io.countermand.venues.Answer;
import io.countermand.venues.Capabilities;
import io.countermand.venues.Probe;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.limits.Limits;
import io.countermand.worker.Worker;
import io.countermand.worker.WorkerSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * No call without a durable marker: while the broker stands still, the venue hears nothing. And no
 * second marker for a request that has one, when the one before it could not be dealt with.
 */
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
    Intent intent = Pipeline.intent(order);
    pipeline.stack().stop("worker " + VENUE);
    pipeline.publish(intent);
    try (Worker _ = Worker.start(settings(this::gate), OpsPort.none().meters())) {
      checked.await();
      // When
      pipeline.stack().pauseBroker();
      try {
        go.countDown();
        // Then
        Awaitility.await("silence")
            .during(Duration.ofSeconds(1))
            .atMost(Duration.ofSeconds(10))
            .until(() -> pipeline.cancelCalls(order).isEmpty());
      } finally {
        pipeline.stack().resumeBroker();
      }
      assertThat(pipeline.await(intent.cancelId()).result()).isEqualTo(CancelResult.CANCELED);
      assertThat(pipeline.cancelCalls(order)).hasSize(1);
    } finally {
      pipeline.stack().start("worker " + VENUE);
      pipeline.stack().awaitReady();
    }
  }

  @Test
  void shouldNotCallAgainWhatIsDoneBehindAReleasedRequest() {
    // Given more requests than partitions, the first of which fails before its marker, once
    List<Intent> intents =
        Stream.generate(() -> Pipeline.intent(pipeline.place(VENUE))).limit(30).toList();
    OrderRef first = intents.getFirst().order();
    var failed = new AtomicBoolean();
    pipeline.stack().stop("worker " + VENUE);
    intents.forEach(pipeline::publish);
    // When
    try (Worker _ =
        Worker.start(
            settings(
                order -> {
                  if (order.equals(first) && failed.compareAndSet(false, true)) {
                    throw new IllegalStateException("for the test");
                  }
                }),
            OpsPort.none().meters())) {
      // Then
      assertThat(intents)
          .extracting(intent -> pipeline.await(intent.cancelId()).result())
          .containsOnly(CancelResult.CANCELED);
      assertThat(failed).isTrue();
      assertThat(intents)
          .extracting(intent -> pipeline.cancelCalls(intent.order()).size())
          .containsOnly(1);
    } finally {
      pipeline.stack().start("worker " + VENUE);
      pipeline.stack().awaitReady();
    }
  }

  private void gate(OrderRef order) {
    checked.countDown();
    try {
      go.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private WorkerSettings settings(Consumer<OrderRef> before) {
    Clock clock = Clock.systemUTC();
    WorkerSettings own =
        Settings.worker(pipeline.stack().config(), VENUE, new Limits(clock), clock);
    return new WorkerSettings(
        own.connection(),
        own.venue(),
        new Checked(own.adapter(), before),
        own.budget(),
        own.governor(),
        own.rules(),
        own.concurrency(),
        own.batch(),
        own.source(),
        own.drain());
  }

  /** The real adapter; what the test does first in its check comes before the marker. */
  private record Checked(VenueAdapter real, Consumer<OrderRef> before) implements VenueAdapter {

    @Override
    public Capabilities capabilities() {
      return real.capabilities();
    }

    @Override
    public Optional<Reply.Refused> check(CancelRequest request) {
      before.accept(request.cancel().order());
      return real.check(request);
    }

    @Override
    public Answer cancel(CancelRequest request, Duration timeout) {
      return real.cancel(request, timeout);
    }

    @Override
    public Answer status(CancelRequest request, Duration timeout) {
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
