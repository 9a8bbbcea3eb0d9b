// Over 300 lines: a third of it is Javadoc and the builder, which callers read in one place.
package io.countermand.client;

import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.OrderKey;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for cancels and hears what became of them.
 *
 * <pre>{@code
 * try (CancelClient client = CancelClient.connect(Connection.of("localhost:9092", registry))) {
 *   CompletableFuture<CancelOutcome> outcome =
 *       client.cancel(OrderKey.of("crosstrade", "Sim101", "42"))
 *           .within(Duration.ofSeconds(5)).because("risk limit").send();
 * }
 * }</pre>
 *
 * <p>Thread-safe. One for a process is enough: it has a producer, and one reader of all outcomes
 * whoever asked, which decodes only those that it waits for.
 */
public final class CancelClient implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CancelClient.class);
  private static final Duration FLUSH = Duration.ofSeconds(10);

  /** By more than this between two clocks, deadlines are not what the caller meant. */
  static final Duration CLOCKS_AGREE = Duration.ofSeconds(2);

  private final Duration grace;
  private final InstantSource clock;
  private final EventSerdes serdes;
  private final Serializer<CancelIntent> values;
  private final Producer<byte[], byte[]> producer;
  private final PendingCancels pending;
  private final OutcomeTail tail;
  private final OutcomeHistory history;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean toldOfClock = new AtomicBoolean();

  private CancelClient(Builder from) {
    this.grace = from.grace;
    this.clock = from.clock;
    this.serdes = from.connection.serdes();
    this.values = serdes.serializer(CancelIntent.class);
    this.pending = new PendingCancels(serdes.decoder(CancelOutcome.class));
    Producer<byte[], byte[]> opened = null;
    Consumer<byte[], byte[]> reader = null;
    try {
      ConnectionProbe.schema(values, Topics.INTENTS, none(), from.connectWithin);
      reader = consumer(from.connection, "outcomes");
      ConnectionProbe.partitions(reader, Topics.INTENTS, from.connectWithin);
      List<Integer> partitions =
          ConnectionProbe.partitions(reader, Topics.OUTCOMES, from.connectWithin);
      opened =
          new KafkaProducer<>(
              from.connection.producer("cancels"),
              new ByteArraySerializer(),
              new ByteArraySerializer());
      opened.partitionsFor(Topics.INTENTS); // so that a send need not wait for it
      this.tail = new OutcomeTail(reader, partitions, pending);
      this.history =
          new OutcomeHistory(
              () -> consumer(from.connection.answeredSoon(), "history"),
              partitions.size(),
              pending,
              from.lookBack);
    } catch (RuntimeException e) {
      if (opened != null) {
        opened.close(Duration.ZERO);
      }
      if (reader != null) {
        reader.close();
      }
      serdes.close();
      throw ClientException.of("connecting", e);
    }
    this.producer = opened;
  }

  /**
   * With the defaults of {@link Builder}. Waits until topics and schema are known.
   *
   * @throws ClientException that says what is missing and what to do
   */
  public static CancelClient connect(Connection connection) {
    return builder(connection).connect();
  }

  public static Builder builder(Connection connection) {
    return new Builder(connection);
  }

  /** What may be set; each has a default. Not thread-safe. */
  public static final class Builder {

    private final Connection connection;
    private Duration grace = Duration.ofSeconds(15);
    private Duration lookBack = Duration.ofDays(7);
    private Duration connectWithin = Duration.ofSeconds(15);
    private InstantSource clock = InstantSource.system();

    private Builder(Connection connection) {
      this.connection = connection;
    }

    /** How long after its deadline an outcome is waited for; default 15 s. */
    public Builder grace(Duration time) {
      grace = time;
      return this;
    }

    /**
     * How far back to look for the outcome of an id that the caller gave, and may have sent before;
     * default 7 days. The ledger itself knows a settled id for {@code ledger.remember-settled}.
     */
    public Builder lookBack(Duration time) {
      lookBack = time;
      return this;
    }

    /** How long to try to reach registry and Kafka at first; default 15 s each. */
    public Builder connectWithin(Duration time) {
      connectWithin = time;
      return this;
    }

    /** By which deadlines are written; default the system's. */
    Builder clock(InstantSource source) {
      clock = source;
      return this;
    }

    /**
     * Waits until topics and schema are known.
     *
     * @throws ClientException that says what is missing and what to do
     */
    public CancelClient connect() {
      var client = new CancelClient(this);
      client.tail.start();
      client.history.start();
      return client;
    }
  }

  /** A cancel to be filled in and sent. */
  public CancelDraft cancel(OrderKey order) {
    return new CancelDraft(this, order);
  }

  /**
   * Sends them in this order; one that cannot be sent, or makes no sense ({@link Problem#INVALID}),
   * fails in its own futures only.
   */
  public List<SentCancel> sendAll(List<CancelDraft> cancels) {
    return cancels.stream().map(CancelDraft::dispatchOrFail).toList();
  }

  /** Cancels that wait for an outcome now. */
  public List<SentCancel> open() {
    return pending.open();
  }

  /**
   * Takes no more cancels, gives Kafka those that it was given, and waits for their outcomes.
   *
   * @param within how long to wait for outcomes; zero: not at all
   * @return what is still open. Each of these may be carried out all the same, and has an outcome
   *     in Kafka then; its futures fail with {@link Problem#CLOSED}. Empty if closed before
   */
  public List<SentCancel> close(Duration within) {
    if (closed.getAndSet(true)) {
      return List.of();
    }
    pending.close();
    producer.close(FLUSH);
    await(within);
    List<SentCancel> left = pending.open();
    for (SentCancel each : left) {
      each.fail(
          new ClientException(
              Problem.CLOSED,
              each
                  + ": the client was closed before the outcome came. It comes all the same: ask"
                  + " again with the same id, or read cancel-outcomes",
              null));
    }
    tail.close();
    history.close();
    serdes.close();
    return left;
  }

  /** Waits for no outcome; logs what is still open. */
  @Override
  public void close() {
    for (SentCancel each : close(Duration.ZERO)) {
      LOG.atWarn()
          .addKeyValue("cancelId", each.cancelId())
          .addKeyValue("order", each.order())
          .log("closed before its outcome came");
    }
  }

  private void await(Duration within) {
    CompletableFuture<?>[] open =
        pending.open().stream().map(SentCancel::outcome).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(open).get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // each has its own future
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * @param known whether the caller gave the id, so that its outcome may be there already
   */
  SentCancel send(OrderKey order, CancelIntent intent, boolean known, @Nullable String trace) {
    var sent = new SentCancel(order, intent);
    try {
      byte[] value = values.serialize(Topics.INTENTS, intent);
      var headers = new RecordHeaders();
      if (trace != null) {
        headers.add("traceparent", trace.getBytes(StandardCharsets.US_ASCII));
      }
      pending.add(sent);
      if (known) {
        history.lookFor(sent);
      }
      Instant sentAt = clock.instant();
      var _ =
          producer.send(
              new ProducerRecord<>(Topics.INTENTS, null, order.bytes(), value, headers),
              (at, error) -> {
                if (error == null) {
                  sent.acknowledged(at, sentAt, System.nanoTime(), clock.instant(), grace);
                  tellOfClock(sent.behind());
                } else {
                  sent.fail(failed(sent, error));
                }
              });
    } catch (RuntimeException e) { // of Kafka, of the registry, or closed
      sent.fail(failed(sent, e));
    }
    return sent;
  }

  /** Once: each outcome says no more than that its deadline has passed. */
  private void tellOfClock(Duration behind) {
    if (behind.abs().compareTo(CLOCKS_AGREE) > 0 && toldOfClock.compareAndSet(false, true)) {
      LOG.atWarn()
          .addKeyValue("seconds", behind.abs().toSeconds())
          .addKeyValue("deadlines", behind.isNegative() ? "later than meant" : "sooner than meant")
          .log(
              behind.isNegative()
                  ? "this machine's clock is ahead of the broker's, mend it"
                  : "this machine's clock is behind the broker's, mend it");
    }
  }

  /** By the clock of the deadlines. */
  Instant now() {
    return clock.instant();
  }

  /** To learn the schema's id by; it is never sent. */
  private static CancelIntent none() {
    return CancelIntent.newBuilder()
        .setCancelId("none")
        .setVenue("none")
        .setAccount("none")
        .setOrderId("none")
        .setAttributes(Map.of())
        .setCreatedAt(Instant.EPOCH)
        .build();
  }

  private static ClientException failed(SentCancel sent, Exception error) {
    return ClientException.of(sent + ": not known to be published", error);
  }

  private static Consumer<byte[], byte[]> consumer(Connection connection, String part) {
    return new KafkaConsumer<>(
        connection.consumer(part), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
