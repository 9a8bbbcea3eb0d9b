package io.countermand.audit.replay;

import io.countermand.audit.source.AuditException;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Catalogue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * {@code countermand replay}: publishes recorded history again. Each record keeps its key, value,
 * timestamp, headers and partition, and gets one header more that says where it stood.
 */
public final class Replay {

  /** Marks a replayed record: {@code topic-partition@offset} of the original. */
  public static final String MARK = "countermand-replay-of";

  private static final Duration TICK = Duration.ofMillis(50);

  private Replay() {}

  /**
   * What to replay.
   *
   * @param to null: up to what is there now
   * @param target null: to {@code each}
   * @param speed times the recorded pace; 0: as fast as it goes
   */
  public record Options(
      String topic,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable String target,
      double speed) {}

  /**
   * @param each gets the records, if there is no target topic
   * @param progress hears how it goes
   * @param stopped asked now and then
   * @return records published now; those of an earlier run are not counted
   * @throws IllegalArgumentException if the target is a topic of the pipeline, or cannot hold it
   * @throws AuditException if Kafka has not answered for some 15 s, or does not let it
   */
  public static long run(
      KafkaConnection connection,
      Options options,
      Consumer<ConsumerRecord<byte[], byte[]>> each,
      Consumer<String> progress,
      BooleanSupplier stopped)
      throws InterruptedException {
    try (var history = new ReplayHistory(connection, options)) {
      if (options.target() == null) {
        return publish(history, options, each, () -> {}, progress, stopped);
      }
      try (var target = ReplayTarget.open(connection, options, history)) {
        history.skip(target.done());
        return publish(history, options, target::send, target::commit, progress, stopped);
      }
    } catch (KafkaException e) {
      throw new AuditException(
          "the replay ended early: " + why(e) + again(e, options.target() != null), e);
    }
  }

  /** What the same call may help with; another error would be met again. */
  static String again(KafkaException error, boolean kept) {
    if (!mayPass(error)) {
      return "";
    }
    return kept
        ? "; the same call again goes on from there"
        : "; the same call again prints it all from the beginning";
  }

  static boolean mayPass(KafkaException error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof RetriableException) { // a time-out is one
        return true;
      }
    }
    return false;
  }

  /** A producer in an error state says no more than that. */
  private static String why(KafkaException error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof TimeoutException) {
        return "Kafka does not answer: " + cause.getMessage();
      }
    }
    return String.valueOf(error.getMessage());
  }

  private static long publish(
      ReplayHistory history,
      Options options,
      Consumer<ConsumerRecord<byte[], byte[]>> send,
      Runnable commit,
      Consumer<String> progress,
      BooleanSupplier stopped)
      throws InterruptedException {
    Pace pace = new Pace(options.speed());
    Rate rate = new Rate(history.left());
    for (ConsumerRecord<byte[], byte[]> record = history.next(commit);
        record != null && !stopped.getAsBoolean();
        record = history.next(commit)) {
      Duration wait = pace.until(record.timestamp());
      while (wait.isPositive() && !stopped.getAsBoolean()) {
        commit.run(); // what was due is there, however long the next takes
        progress.accept(rate.text(wait));
        Thread.sleep(wait.compareTo(TICK) < 0 ? wait : TICK);
        wait = pace.until(record.timestamp());
      }
      send.accept(record);
      if (rate.sent() % 500 == 0) {
        commit.run();
        progress.accept(rate.text(Duration.ZERO));
      }
    }
    commit.run();
    return rate.done;
  }

  static byte[] mark(ConsumerRecord<byte[], byte[]> record) {
    return (record.topic() + "-" + record.partition() + "@" + record.offset())
        .getBytes(StandardCharsets.UTF_8);
  }

  /** When each record is due, from the first one on. */
  private static final class Pace {
    private final double speed;
    private final long begun = System.nanoTime();
    private long first = Long.MIN_VALUE;

    Pace(double speed) {
      this.speed = speed;
    }

    Duration until(long timestamp) {
      if (speed <= 0) {
        return Duration.ZERO;
      }
      first = first == Long.MIN_VALUE ? timestamp : first;
      long due = (long) ((timestamp - first) * 1e6 / speed);
      return Duration.ofNanos(due - (System.nanoTime() - begun));
    }
  }

  private static final class Rate {
    private final long all;
    private final long begun = System.nanoTime();
    private long done;

    Rate(long all) {
      this.all = all;
    }

    long sent() {
      return ++done;
    }

    String text(Duration waiting) {
      double seconds = Math.max(1e-3, (System.nanoTime() - begun) / 1e9);
      double rate = done / seconds;
      String left =
          rate > 0 ? "%.0f s left".formatted(Math.max(0, all - done) / rate) : "not begun";
      return String.format(
          Locale.ROOT,
          "%,d of at most %,d records, %,.0f/s, %s%s",
          done,
          all,
          rate,
          left,
          waiting.isPositive() ? ", next in %.1f s".formatted(waiting.toMillis() / 1e3) : "");
    }
  }

  /** Of all topics: a mass cancel that is replayed into its own would be one. */
  static boolean pipelines(String topic) {
    return Catalogue.of(1, (short) 1).topics().stream().anyMatch(each -> each.name().equals(topic));
  }
}
