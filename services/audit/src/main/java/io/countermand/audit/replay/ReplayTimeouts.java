package io.countermand.audit.replay;

import io.countermand.kafka.KafkaConnection;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * How long a replay waits for Kafka: not long, for the same call again goes on where it ended. Who
 * sets a client's times has said how long. One thread.
 */
final class ReplayTimeouts {

  /** For closing a client after Kafka went away: there is nobody to take leave of. */
  static final Duration CLOSE = Duration.ofSeconds(2);

  private static final String API = "default.api.timeout.ms";
  private static final String REQUEST = "request.timeout.ms";
  private static final String BLOCK = "max.block.ms";
  private static final String FETCH = "fetch.max.bytes";
  private static final String DELIVERY = "delivery.timeout.ms";

  private static final long MILLIS = 15_000;

  /** What Kafka takes for {@link #API} where nobody says it. */
  private static final String KAFKAS = "60000";

  private static final String LONGEST = Long.toString(MILLIS);

  private final long millis;
  private final LongSupplier nanoTime;
  private long since;

  /** As patient as the consumer of whose records it is, and not less than we are. */
  ReplayTimeouts(Properties consumer) {
    this(Math.max(MILLIS, Long.parseLong(consumer.getProperty(API, KAFKAS))), System::nanoTime);
  }

  ReplayTimeouts(long millis, LongSupplier nanoTime) {
    this.millis = millis;
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
  }

  long millis() {
    return millis;
  }

  /** From now on something is waited for. */
  void begin() {
    since = nanoTime.getAsLong();
  }

  /**
   * @param any whether anything came since this was called last
   * @throws TimeoutException if nothing has for too long
   */
  void heard(boolean any) {
    long now = nanoTime.getAsLong();
    if (any) {
      since = now;
    } else if (now - since > millis * 1_000_000) {
      throw new TimeoutException("no record came within " + millis + " ms");
    }
  }

  static Properties consumer(KafkaConnection connection, String role) {
    Properties settings = connection.consumer(role);
    // What is asked for at once must come within the time of a request, on a slow link, too.
    if (!connection.kafka().containsKey(FETCH)) {
      settings.put(FETCH, Integer.toString(1024 * 1024));
    }
    return with(settings, connection, Map.of(API, LONGEST, REQUEST, "10000"));
  }

  static Properties admin(KafkaConnection connection, String role) {
    Properties settings = connection.admin(role);
    return with(settings, connection, Map.of(API, LONGEST, REQUEST, "10000"));
  }

  static Properties producer(KafkaConnection connection, String role) {
    Properties settings = connection.producer(role);
    return with(settings, connection, Map.of(BLOCK, LONGEST, DELIVERY, LONGEST, REQUEST, "5000"));
  }

  /** All of a client's or none: they must fit each other. */
  private static Properties with(
      Properties settings, KafkaConnection connection, Map<String, String> ours) {
    if (Collections.disjoint(connection.kafka().keySet(), ours.keySet())) {
      settings.putAll(ours);
    }
    return settings;
  }
}
