package io.countermand.desk.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.desk.bulk.CarriedAttempts;
import io.countermand.desk.settings.DeskSettings;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.streams.ClockSkew;
import io.countermand.platform.Topics;
import io.countermand.venues.CallResult;
import io.countermand.venues.limits.Rate;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** The real attempt with the real producer, while nothing can be written. */
class AttemptRunTest {

  /** Ports that nobody listens at; a send is given up after a tenth of a second. */
  private static final KafkaConnection AWAY =
      new KafkaConnection(
          "127.0.0.1:1", "http://127.0.0.1:1", "i", Map.of("max.block.ms", "100"), Map.of());

  @Test
  void shouldNotCallAfterAMarkerThatCouldNotBeWritten() throws InterruptedException {
    // When: markers fail again and again, until the deadline has passed
    int called = calledUntilNotSent(Instant.now().plusSeconds(1), AttemptRun::run);
    // Then
    assertThat(called).isZero();
  }

  @Test
  void shouldTryNoLongerThanTheOthersWaitThatOneCallCarries() throws InterruptedException {
    // Given a call that is not made, since a marker is lacking
    var gathering = new CarriedAttempts(1);
    var none = new Reply.NotSent(Reason.RATE_LIMITED, ReplyDetails.NOTHING);
    gathering.answered(_ -> CallResult.local(none, Instant.now()));
    // When its deadline is far away
    int called =
        calledUntilNotSent(
            Instant.now().plusSeconds(600), (run, call) -> run.carried(call, gathering));
    // Then
    assertThat(called).isZero();
  }

  private static int calledUntilNotSent(Instant deadline, BiConsumer<AttemptRun, LaneCall> way)
      throws InterruptedException {
    var adapter = new Calls.Counting();
    DeskSettings.Venue venue = Calls.venue(adapter, new Rate(100, Duration.ofSeconds(1), 100));
    var registry = new SimpleMeterRegistry();
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk")) {
      var run =
          new AttemptRun(
              venue,
              post,
              new Breaker(Calls.VENUE, Duration.ofSeconds(2)),
              new LaneMeters(registry, Calls.VENUE),
              "desk-i");
      var request = Calls.request(RequestKind.CANCEL, 1, deadline);
      var call = new LaneCall(request, new Evidence(Topics.INTENTS, 0, 7), null, id -> {});
      Thread attempt = Thread.ofVirtual().start(() -> way.accept(run, call));
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (notSent(registry) == 0 && System.nanoTime() < end) {
        boolean _ = adapter.called.await(10, TimeUnit.MILLISECONDS);
      }
      do { // else it would insist on writing that answer; the serializer loses an interrupt
        attempt.interrupt();
      } while (!attempt.join(Duration.ofMillis(50)));
      assertThat(notSent(registry)).isEqualTo(1);
      return 1 - (int) adapter.called.getCount();
    }
  }

  private static double notSent(SimpleMeterRegistry registry) {
    return registry.find("countermand.desk.replies").tag("reply", "NOT_SENT").counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }
}
