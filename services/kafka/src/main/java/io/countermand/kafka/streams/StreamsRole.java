package io.countermand.kafka.streams;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Streams app as a role: starts, says whether it is well, leaves its group when closed. */
public final class StreamsRole implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StreamsRole.class);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(20);
  private static final int MOST_REPLACED = 100;
  private static final Duration START_AGAIN = Duration.ofMillis(200);

  /** What a role lacks before it knows the schema ids of all that it may write. */
  public static final String NO_SCHEMA_IDS =
      "the schema registry was never heard, and no schema ids are kept here";

  private final String role;
  private final KafkaStreams streams;
  private final RoleMeters meters;
  private final AtomicInteger replaced = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable Supplier<String> waitsFor;

  /**
   * Connects nothing yet.
   *
   * @param clients Kafka's, that it uses
   * @param topics that it reads, whose lag is shown
   */
  public StreamsRole(
      String role,
      Topology topology,
      Properties settings,
      KafkaClientSupplier clients,
      MeterRegistry registry,
      List<String> topics) {
    this.role = role;
    this.streams = new KafkaStreams(topology, settings, clients);
    this.meters = new RoleMeters(registry, role, "").streams(streams);
    topics.forEach(topic -> meters.lag(topic, streams::metrics));
    streams.setUncaughtExceptionHandler(
        error -> {
          boolean outage = LostRecordException.inAnOutage(error); // the brokers', however long
          int times = outage ? replaced.get() : replaced.incrementAndGet();
          LOG.atError()
              .addKeyValue("role", role)
              .addKeyValue("times", times)
              .setCause(error)
              .log("stream thread failed");
          return times > MOST_REPLACED
              ? StreamThreadExceptionResponse.SHUTDOWN_CLIENT
              : StreamThreadExceptionResponse.REPLACE_THREAD;
        });
  }

  /**
   * Starts it, now or as soon as it may; until then it is not ready, and says why.
   *
   * @param may asked again and again
   * @param lacks what it lacks while it may not
   */
  public void start(BooleanSupplier may, Supplier<String> lacks) {
    if (may.getAsBoolean()) {
      start();
      return;
    }
    waitsFor = lacks;
    LOG.atWarn()
        .addKeyValue("role", role)
        .addKeyValue("lacks", lacks.get())
        .log("waits to be started");
    Thread.ofVirtual()
        .name(role + "-start")
        .start(
            () -> {
              try {
                while (!closed.await(START_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                  if (may.getAsBoolean()) {
                    start();
                    return;
                  }
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private synchronized void start() {
    if (closed.getCount() > 0) {
      streams.start();
      waitsFor = null;
      LOG.atInfo().addKeyValue("role", role).log("started");
    }
  }

  /** Whether all its partitions are assigned and restored. */
  public boolean ready() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /** Whether it has given up for good. */
  public boolean failed() {
    return streams.state() == KafkaStreams.State.ERROR
        || streams.state() == KafkaStreams.State.PENDING_ERROR;
  }

  /** What it lacks; empty: ready. */
  public List<String> missing() {
    Supplier<String> lacks = waitsFor;
    if (lacks != null) {
      return List.of(lacks.get());
    }
    KafkaStreams.State state = streams.state();
    return switch (state) {
      case RUNNING -> Heartbeats.missing(streams.metrics()).stream().toList();
      case CREATED, REBALANCING ->
          List.of(state + ": partitions are being assigned, or their stores restored");
      default -> List.of(state.toString());
    };
  }

  public KafkaStreams streams() {
    return streams;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed.countDown();
    }
    boolean done =
        streams.close(
            CloseOptions.timeout(CLOSE_WITHIN)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    meters.close();
    LOG.atInfo().addKeyValue("role", role).addKeyValue("clean", done).log("stopped");
  }
}
