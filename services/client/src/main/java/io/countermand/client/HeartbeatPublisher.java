package io.countermand.client;

import io.countermand.events.Heartbeat;
import io.countermand.events.MassScope;
import io.countermand.events.Side;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends heartbeats, one at a time: each arms the dead-man's switch of its name, or takes it off.
 * {@code io.countermand.client.deadman.DeadManGuard} sends them by itself. Needs Write on {@code
 * heartbeats}.
 *
 * <p>Thread-safe. One for a process is enough, for any number of switches.
 */
public final class HeartbeatPublisher implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(15);
  private static final Duration FLUSH = Duration.ofSeconds(10);

  /** A connection that says nothing for so long is given up: silence fires after seconds. */
  private static final int RECONNECT_MILLIS = 1500;

  private static final List<String> PATIENCE =
      List.of(
          ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
          ProducerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG);

  private static final int LONGEST_ID = 64;
  private static final int LONGEST = 256;
  private static final long SHORTEST_MILLIS = 1000;
  private static final long LONGEST_MILLIS = Duration.ofHours(24).toMillis();

  private final EventSerdes serdes;
  private final Serializer<Heartbeat> values;
  private final Producer<byte[], byte[]> producer;
  private volatile boolean closed;

  private HeartbeatPublisher(Connection connection, Duration within) {
    this.serdes = connection.serdes();
    this.values = serdes.serializer(Heartbeat.class);
    Producer<byte[], byte[]> opened = null;
    try {
      ConnectionProbe.schema(values, Topics.HEARTBEATS, none(), within);
      try (var consumer =
          new KafkaConsumer<>(
              connection.consumer("heartbeats"),
              new ByteArrayDeserializer(),
              new ByteArrayDeserializer())) {
        var _ = ConnectionProbe.partitions(consumer, Topics.HEARTBEATS, within);
      }
      Properties settings = connection.producer("heartbeats");
      for (String patience : PATIENCE) {
        if (!connection.sets(patience)) {
          settings.put(patience, RECONNECT_MILLIS);
        }
      }
      opened = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
      var _ = opened.partitionsFor(Topics.HEARTBEATS); // so that a send need not wait for it
    } catch (RuntimeException e) {
      if (opened != null) {
        opened.close(Duration.ZERO);
      }
      serdes.close();
      throw ClientException.of("connecting", e);
    }
    this.producer = opened;
  }

  /**
   * Waits until topic and schema are known, for 15 s each at the most.
   *
   * @throws ClientException that says what is missing and what to do
   */
  public static HeartbeatPublisher connect(Connection connection) {
    return connect(connection, CONNECT);
  }

  /**
   * @param within how long to try to reach the registry, and then Kafka
   * @throws ClientException that says what is missing and what to do
   */
  public static HeartbeatPublisher connect(Connection connection, Duration within) {
    return new HeartbeatPublisher(connection, within);
  }

  /**
   * Hands it to Kafka; returns at once, unless the producer's buffer is full or the topic's leader
   * is not known (then after 10 s at the most). What was sent before stands before it.
   *
   * @param word {@code timeoutMillis} 0 takes the switch off
   * @return when the brokers appended it, by their clock. Exceptionally, with {@link
   *     ClientException}: {@link Problem#INVALID} if it makes no sense, and nothing was sent; else
   *     nobody knows whether it is written
   */
  public CompletableFuture<Instant> send(Heartbeat word) {
    List<String> problems = problems(word);
    if (!problems.isEmpty()) {
      return CompletableFuture.failedFuture(
          new ClientException(
              Problem.INVALID, "no heartbeat, nothing sent: " + String.join("; ", problems), null));
    }
    String what = what(word);
    if (closed) {
      return CompletableFuture.failedFuture(
          new ClientException(Problem.CLOSED, what + ": the publisher is closed", null));
    }
    var sent = new CompletableFuture<Instant>();
    try {
      byte[] value = values.serialize(Topics.HEARTBEATS, word);
      byte[] key = word.getSwitchId().getBytes(StandardCharsets.UTF_8);
      var _ =
          producer.send(
              new ProducerRecord<>(Topics.HEARTBEATS, key, value),
              (at, error) -> {
                if (error == null) {
                  sent.complete(Instant.ofEpochMilli(at.timestamp()));
                } else {
                  sent.completeExceptionally(ClientException.of(what, error));
                }
              });
    } catch (RuntimeException e) {
      sent.completeExceptionally(ClientException.of(what, e));
    }
    return sent;
  }

  private static String what(Heartbeat word) {
    return "dead-man's switch "
        + word.getSwitchId()
        + (word.getTimeoutMillis() == 0
            ? ": NOT KNOWN whether it is off, so it may fire"
            : ": a heartbeat is not known to be written");
  }

  /**
   * What makes no sense in it, in words; empty: nothing. The ledger sees it the same way: such a
   * heartbeat would be a dead letter, and no switch would be armed.
   */
  public static List<String> problems(Heartbeat word) {
    List<String> problems = new ArrayList<>();
    id(problems, "switchId", Objects.requireNonNullElse(word.getSwitchId(), ""), LONGEST_ID);
    id(problems, "by", Objects.requireNonNullElse(word.getBy(), ""), LONGEST);
    if (word.getReason() == null || word.getScope() == null) {
      problems.add("reason and scope are given, if only empty");
      return problems;
    }
    if (word.getReason().getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      problems.add("reason has more than " + LONGEST + " bytes in UTF-8");
    }
    if (word.getTick() != null || word.getNotice() != null) {
      problems.add("ticks and notices are the ledger's");
    }
    long millis = word.getTimeoutMillis();
    if (millis != 0) {
      scope(problems, word.getScope());
      if (millis < SHORTEST_MILLIS || millis > LONGEST_MILLIS) {
        problems.add(
            "the time-out is "
                + millis
                + " ms; 1000 (a second) to 86400000 (a day) are allowed, and 0 takes the switch"
                + " off");
      }
    }
    return problems;
  }

  private static void scope(List<String> problems, MassScope scope) {
    Map<String, @Nullable Object> given = new LinkedHashMap<>();
    given.put("venue", scope.getVenue());
    given.put("account", scope.getAccount());
    given.put("instrument", scope.getInstrument());
    given.put("side", scope.getSide());
    given.put("trader", scope.getTrader());
    given.put("desk", scope.getDesk());
    given.put("algorithm", scope.getAlgorithm());
    given.put("client", scope.getClient());
    given.forEach((name, value) -> id(problems, "scope." + name, value, LONGEST));
    boolean any = given.values().stream().anyMatch(Objects::nonNull);
    if (!scope.getAll() && !any) {
      problems.add("the scope is empty: name a venue, an account, ... or say all");
    }
    if (scope.getAll() && any) {
      problems.add("the scope says all and something else: which of the two?");
    }
    if (scope.getSide() == Side.UNKNOWN) {
      problems.add("scope.side is BUY or SELL");
    }
  }

  private static void id(List<String> problems, String name, @Nullable Object value, int most) {
    if (value == null) {
      return;
    }
    String text = value.toString();
    if (text.isBlank()
        || text.getBytes(StandardCharsets.UTF_8).length > most
        || text.chars().anyMatch(Character::isISOControl)) {
      problems.add(
          name
              + " must have 1 to "
              + most
              + " bytes in UTF-8, not only blanks, and no control characters");
    }
  }

  /** To learn the schema's id by; it is never sent. */
  private static Heartbeat none() {
    return Heartbeat.newBuilder()
        .setSwitchId("none")
        .setScope(MassScope.newBuilder().build())
        .setTimeoutMillis(0)
        .setBy("none")
        .setCreatedAt(Instant.EPOCH)
        .build();
  }

  /** Gives Kafka what it was given, for 10 s at the most. Takes no switch off. */
  @Override
  public void close() {
    closed = true;
    boolean interrupted = Thread.interrupted(); // else what was sent would be thrown away
    try {
      producer.close(FLUSH);
    } finally {
      serdes.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
