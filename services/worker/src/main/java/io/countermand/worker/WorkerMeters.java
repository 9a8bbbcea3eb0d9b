package io.countermand.worker;

import io.countermand.domain.Reply;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.RequestKind;
import io.countermand.kafka.DeadLetterCounts;
import io.countermand.platform.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

/** What a worker counts; every meter is made beforehand. Thread-safe. */
final class WorkerMeters {

  private static final Duration[] BUCKETS =
      LongStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final Map<RequestKind, Counter> started = new EnumMap<>(RequestKind.class);
  private final Map<RequestKind, Map<ReplyKind, Counter>> replied =
      new EnumMap<>(RequestKind.class);
  private final Map<RequestKind, Timer> calls = new EnumMap<>(RequestKind.class);
  private final Timer waitedFresh;
  private final Timer waitedRetry;
  private final DeadLetterCounts deadLetters;

  WorkerMeters(MeterRegistry meters, String venue) {
    for (RequestKind kind : RequestKind.values()) {
      Tags tags = Tags.of("venue", venue, "kind", kind.name());
      started.put(
          kind,
          Counter.builder("countermand.worker.attempts")
              .description("Attempts whose started marker is durable")
              .tags(tags)
              .register(meters));
      Map<ReplyKind, Counter> byReply = new EnumMap<>(ReplyKind.class);
      for (ReplyKind reply : ReplyKind.values()) {
        byReply.put(
            reply,
            Counter.builder("countermand.worker.replies")
                .description(
                    "What became of requests; NOT_SENT and REFUSED may come without a call")
                .tags(tags.and("reply", reply.name()))
                .register(meters));
      }
      replied.put(kind, byReply);
      calls.put(
          kind,
          Timer.builder("countermand.worker.call")
              .description("One whole exchange with the venue")
              .serviceLevelObjectives(BUCKETS)
              .tags(tags)
              .register(meters));
    }
    this.waitedFresh = waited(meters, venue, "requests");
    this.waitedRetry = waited(meters, venue, "retries");
    this.deadLetters =
        new DeadLetterCounts(
            meters, "worker", List.of(Topics.requests(venue), Topics.retries(venue)));
  }

  private static Timer waited(MeterRegistry meters, String venue, String queue) {
    return Timer.builder("countermand.worker.request.wait")
        .description("From the broker's time of a request to its being taken")
        .serviceLevelObjectives(BUCKETS)
        .tags("venue", venue, "queue", queue)
        .register(meters);
  }

  DeadLetterCounts deadLetters() {
    return deadLetters;
  }

  /**
   * @param written broker's time of the request
   */
  void taken(boolean retry, Instant written, Instant now) {
    (retry ? waitedRetry : waitedFresh).record(Duration.between(written, now));
  }

  void started(RequestKind kind) {
    of(started, kind).increment();
  }

  void called(RequestKind kind, Duration took) {
    of(calls, kind).record(took);
  }

  void replied(RequestKind kind, Reply reply) {
    of(of(replied, kind), ReplyKind.of(reply)).increment();
  }

  /** All constants are there. */
  private static <K, V> V of(Map<K, V> all, K key) {
    return Objects.requireNonNull(all.get(key));
  }
}
