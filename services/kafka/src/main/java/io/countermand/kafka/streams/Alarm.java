package io.countermand.kafka.streams;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Calls a task when it asked for it, and not every so often. Kafka Streams commits a task whose
 * punctuator has run, whatever it did: a clock that ticks costs a transaction per commit interval,
 * with an offset for each partition, all night.
 *
 * <p>For the task's own thread only. Source: Kafka Streams 4.3, {@code
 * StreamTask.maybePunctuateSystemTime}.
 */
public final class Alarm {

  /** Between two calls, at the least. */
  private static final Duration LEAST = Duration.ofMillis(20);

  /** Nearer than any time that milliseconds cannot say; then it asks again. */
  private static final Duration MOST = Duration.ofHours(1);

  private final ProcessorContext<?, ?> context;
  private final Function<Instant, Instant> called;
  private @Nullable Cancellable planned;
  private Instant at = Instant.MAX;

  /**
   * Calls nobody yet.
   *
   * @param called gets the wall clock's time; answers when it wants to be called next, {@link
   *     Instant#MAX} for not at all
   */
  public Alarm(ProcessorContext<?, ?> context, Function<Instant, Instant> called) {
    this.context = context;
    this.called = called;
  }

  /** Calls at that time, or earlier if it was asked for earlier; soon if it is past. */
  public void noLaterThan(Instant time) {
    Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
    Instant when = clamp(time, now.plus(LEAST), now.plus(MOST));
    if (time.equals(Instant.MAX) || !when.isBefore(at)) {
      return; // never put off: who asks again and again for a time that is past is called, too
    }
    if (planned != null) {
      planned.cancel();
    }
    at = when;
    planned =
        context.schedule(
            Duration.between(now, when),
            PunctuationType.WALL_CLOCK_TIME,
            millis -> ring(Instant.ofEpochMilli(millis)));
  }

  /**
   * Calls nobody until it is asked again: for a processor that is closed. Kafka Streams keeps what
   * is planned for a task that it suspends, closes and initialises once more.
   */
  public void cancel() {
    if (planned != null) {
      planned.cancel();
      planned = null;
    }
    at = Instant.MAX;
  }

  private static Instant clamp(Instant time, Instant least, Instant most) {
    return time.isBefore(least) ? least : time.isAfter(most) ? most : time;
  }

  private void ring(Instant now) {
    cancel();
    noLaterThan(called.apply(now));
  }
}
