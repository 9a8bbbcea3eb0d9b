package io.countermand.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.config.Settings;
import io.countermand.desk.Desk;
import io.countermand.desk.settings.DeskSettings;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.domain.Reply;
import io.countermand.domain.lease.Lease;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.Placement;
import io.countermand.kafka.ownership.LeaseRecords;
import io.countermand.observe.OpsPort;
import io.countermand.platform.Topics;
import io.countermand.venues.CallResult;
import io.countermand.venues.Capabilities;
import io.countermand.venues.Probe;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.limits.Limits;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Under a lease the venue is called before the decision is durable; without one it is not. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class LeaseTest {

  private static final String VENUE = "cadenza";

  /** A lease holds for seconds, which a slow machine may miss now and then. */
  private static final int TRIES = 6;

  /** Shorter than the group's session: the desk keeps its partitions. */
  private static final Duration WHILE = Duration.ofSeconds(3);

  private final Pipeline pipeline;
  private volatile @Nullable Held held;

  LeaseTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  /** The check of one order: that the desk is there, and that it may go on. */
  private record Held(OrderRef order, CountDownLatch checked, CountDownLatch go) {}

  @Test
  void shouldCallUnderALeaseWhileTheBrokerStandsStillAndSayWhenItHasEnded() throws Exception {
    // Given
    pipeline.stack().stop("desk");
    int partition = partition(pipeline.place(VENUE));
    Lease last;
    try (Desk desk = Desk.start(settings(), OpsPort.none().meters())) {
      Awaitility.await("ready").atMost(Duration.ofSeconds(60)).until(desk::ready);
      boolean called = false;
      for (int i = 0; i < TRIES && !called; i++) {
        called = calledWhileTheBrokerStandsStill(partition);
      }
      assertThat(called).isTrue();
    } finally {
      last = awaitEnded(partition);
      pipeline.stack().start("desk");
      pipeline.stack().awaitReady();
    }
    assertThat(last.readTo()).isLessThanOrEqualTo(last.toOffset());
    assertThat(places(partition, last.id()))
        .extracting(Lease.Place::number)
        .isEqualTo(LongStream.rangeClosed(1, last.decisions()).boxed().toList());
  }

  private boolean calledWhileTheBrokerStandsStill(int partition) throws Exception {
    // Given: a lease in force, and an intent that the desk has read and not decided
    awaitLease(partition);
    OrderRef order = in(partition);
    var gate = new Held(order, new CountDownLatch(1), new CountDownLatch(1));
    held = gate;
    Intent intent = Pipeline.patient(order);
    boolean called;
    try {
      pipeline.publish(intent);
      gate.checked().await();
      // When
      pipeline.stack().pauseBroker();
      try {
        gate.go().countDown();
        called = isCalled(order);
      } finally {
        pipeline.stack().resumeBroker();
      }
    } finally {
      gate.go().countDown();
    }
    // Then
    assertThat(pipeline.await(intent.cancelId()).result()).isEqualTo(CancelResult.CANCELED);
    assertThat(pipeline.cancelCalls(order)).hasSize(1);
    return called;
  }

  private boolean isCalled(OrderRef order) {
    try {
      Awaitility.await("the call")
          .atMost(WHILE)
          .until(() -> pipeline.cancelCalls(order).size() == 1);
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  /** Publishes until the desk writes one, or writes it again. */
  private void awaitLease(int partition) {
    try (var progress = tail(partition)) {
      boolean leased = false;
      while (!leased) {
        pipeline.publish(Pipeline.patient(in(partition)));
        for (var record : progress.poll(Duration.ofMillis(200))) {
          Lease lease = lease(record);
          leased |= lease != null && !lease.ended();
        }
      }
    }
  }

  private OrderRef in(int partition) {
    OrderRef order = pipeline.place(VENUE);
    while (partition(order) != partition) {
      order = pipeline.place(VENUE);
    }
    return order;
  }

  private int partition(OrderRef order) {
    return new Placement(pipeline.stack().config().topics().partitions()).partition(order.key());
  }

  /** What comes to a partition of the progress from now on. */
  private KafkaConsumer<byte[], byte[]> tail(int partition) {
    var at = new TopicPartition(Topics.PROGRESS, partition);
    var consumer =
        new KafkaConsumer<>(
            pipeline.stack().connection().consumer("test"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(List.of(at));
    consumer.seekToEnd(List.of(at));
    long _ = consumer.position(at);
    return consumer;
  }

  /** It stands there once the desk is closed; a transaction that is open before it may hide it. */
  private Lease awaitEnded(int partition) {
    return Awaitility.await("the lease's end")
        .atMost(Duration.ofSeconds(60))
        .until(() -> leases(partition).getLast(), Lease::ended);
  }

  private List<Lease> leases(int partition) {
    return pipeline.read(Topics.PROGRESS).stream()
        .filter(record -> record.partition() == partition)
        .map(LeaseTest::lease)
        .filter(Objects::nonNull)
        .toList();
  }

  /** Of the decisions under a lease, as their records say them. */
  private List<Lease.Place> places(int partition, long lease) {
    return pipeline.read(Topics.PROGRESS).stream()
        .filter(record -> record.partition() == partition)
        .map(record -> LeaseRecords.place(record.value(), record.headers()))
        .filter(Objects::nonNull)
        .filter(place -> place.lease() == lease)
        .toList();
  }

  private static @Nullable Lease lease(ConsumerRecord<byte[], byte[]> record) {
    return LeaseRecords.read(record.value(), record.headers());
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

  /** The real adapter, whose check of one order, on the stream thread, waits for the test. */
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
      Held gate = held;
      if (gate != null && request.cancel().order().equals(gate.order())) {
        gate.checked().countDown();
        try {
          gate.go().await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
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
