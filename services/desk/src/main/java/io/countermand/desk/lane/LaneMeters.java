package io.countermand.desk.lane;

import io.countermand.domain.Reply;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.RequestKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

/** What one venue's lane counts; every meter is made beforehand. Thread-safe. */
public final class LaneMeters {

  private static final Duration[] BUCKETS =
      LongStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final Map<RequestKind, Counter> started = new EnumMap<>(RequestKind.class);
  private final Map<RequestKind, Map<ReplyKind, Counter>> replied =
      new EnumMap<>(RequestKind.class);
  private final Map<RequestKind, Timer> calls = new EnumMap<>(RequestKind.class);
  private final Timer toVenue;
  private final Counter leased;
  private final Counter expired;
  private final Counter probesAnswered;
  private final Counter probesInVain;

  public LaneMeters(MeterRegistry meters, String venue) {
    for (RequestKind kind : RequestKind.values()) {
      Tags tags = Tags.of("venue", venue, "kind", kind.name());
      started.put(
          kind,
          Counter.builder("countermand.desk.attempts")
              .description("Attempts that are begun: by a marker that is durable, or under a lease")
              .tags(tags)
              .register(meters));
      Map<ReplyKind, Counter> byReply = new EnumMap<>(ReplyKind.class);
      for (ReplyKind reply : ReplyKind.values()) {
        byReply.put(
            reply,
            Counter.builder("countermand.desk.replies")
                .description(
                    "What became of requests; NOT_SENT and REFUSED may come without a call")
                .tags(tags.and("reply", reply.name()))
                .register(meters));
      }
      replied.put(kind, byReply);
      calls.put(
          kind,
          Timer.builder("countermand.desk.call")
              .description("One whole exchange with the venue")
              .serviceLevelObjectives(BUCKETS)
              .tags(tags)
              .register(meters));
    }
    this.toVenue =
        Timer.builder("countermand.desk.to.venue")
            .description("From the broker's time of an intent to its first call")
            .serviceLevelObjectives(BUCKETS)
            .tags("venue", venue)
            .register(meters);
    this.leased =
        Counter.builder("countermand.desk.leased.calls")
            .description("First calls that left before their decision was durable, under a lease")
            .tags(Tags.of("venue", venue))
            .register(meters);
    this.probesAnswered = probes(meters, venue, true);
    this.probesInVain = probes(meters, venue, false);
    this.expired =
        Counter.builder("countermand.desk.queue.expired")
            .description("Calls that waited until their deadline and were not made")
            .tags("venue", venue)
            .register(meters);
  }

  private static Counter probes(MeterRegistry meters, String venue, boolean serves) {
    return Counter.builder("countermand.desk.probes")
        .description("Probes of a venue that did not answer, while no call waits for it")
        .tags("venue", venue, "answered", Boolean.toString(serves))
        .register(meters);
  }

  void probed(boolean serves) {
    (serves ? probesAnswered : probesInVain).increment();
  }

  void expired() {
    expired.increment();
  }

  /** A call leaves before its marker is durable. */
  void leased() {
    leased.increment();
  }

  void started(RequestKind kind) {
    of(started, kind).increment();
  }

  /** The first call of a cancel has left; the broker's clock may be ahead of ours. */
  void toVenue(Duration took) {
    toVenue.record(took.isNegative() ? Duration.ZERO : took);
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
