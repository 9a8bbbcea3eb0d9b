package io.countermand.app.pipeline;

import static java.util.Objects.requireNonNull;

import io.countermand.app.local.LocalStack;
import io.countermand.app.local.LocalVenues;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.TraceContext;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelIntent;
import io.countermand.events.DeadLetter;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.client.IntentPublisher;
import io.countermand.kafka.client.OutcomeReader;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.request.CallKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/**
 * The real pipeline that all integration tests of this module share: broker, registry, simulator
 * and roles, in containers or not (see {@link ItMode}); and a reader (read_committed) that has
 * every outcome.
 */
public final class Pipeline implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /** No time-out of a test comes later: what the deadline must not decide. */
  private static final Duration NO_HURRY = Duration.ofMinutes(5);

  /** A call that a busy machine delays is not unanswered, and not called again. */
  private static final String CALL_TIMEOUT = "20s";

  private static final AtomicLong NUMBERS = new AtomicLong(7_000_000);

  private final SpanCollector collector = new SpanCollector();
  private final PipelineStack stack;
  private final IntentPublisher publisher;
  private final EventSerdes serdes;
  private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
  private final Thread reader;
  private volatile boolean closed;

  Pipeline() throws IOException {
    Path data = Files.createTempDirectory("countermand-test");
    Map<String, String> venues = new LinkedHashMap<>();
    Map<String, String> overrides = new LinkedHashMap<>();
    overrides.put("COUNTERMAND_HTTP_PORT", "0");
    overrides.put("COUNTERMAND_TOPICS_PARTITIONS", "3");
    overrides.put("COUNTERMAND_TRACING_OTLP_ENDPOINT", collector.endpoint());
    overrides.put("COUNTERMAND_INTENTS_DEFAULT_DEADLINE", "60s");
    overrides.put("COUNTERMAND_VENUES_CROSSTRADE_OPTIONS_CHECK_ACCOUNTS", "true");
    for (String adapter : LocalVenues.served()) {
      venues.put(adapter, adapter);
      String name = adapter.replace('-', '_').toUpperCase(Locale.ROOT);
      overrides.put("COUNTERMAND_VENUES_" + name + "_TIMEOUT", CALL_TIMEOUT);
      overrides.put("COUNTERMAND_VENUES_" + name + "_TRACEPARENT", "true");
    }
    var options = new LocalStack.Options(data, 0, 0, venues, "5ms", true, overrides);
    ItMode mode = ItMode.decide();
    System.out.println(mode.line());
    stack = mode.containers() ? ContainerStack.start(options) : InVmStack.start(options);
    publisher = new IntentPublisher(stack.connection());
    serdes = stack.connection().serdes();
    var outcomeReader = OutcomeReader.fromBeginning(stack.connection());
    reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!closed) {
                    outcomeReader
                        .poll(Duration.ofMillis(100))
                        .forEach(read -> outcomes.add(read.outcome()));
                  }
                  outcomeReader.close();
                });
  }

  public PipelineStack stack() {
    return stack;
  }

  /** Where the roles export the spans of sampled traces to. */
  public SpanCollector collector() {
    return collector;
  }

  /** A new open order at the venue, which the table will hear of. */
  public OrderRef place(String venue) {
    OrderRef order = new OrderRef(venue, "Sim101", orderId(venue));
    stack.simulator().book().place(NewOrder.of(venue, order.account(), order.orderId(), "10"));
    return order;
  }

  /** An id of the form that the venue's adapter asks for. */
  public static String orderId(String venue) {
    return switch (venue) {
      case "neuratrade" -> "ord-20260303120000-" + NUMBERS.incrementAndGet();
      case "tradovate" -> Long.toString(NUMBERS.incrementAndGet());
      default -> id();
    };
  }

  public static String id() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  public static Intent intent(OrderRef order) {
    return intent(id(), order);
  }

  public static Intent intent(String cancelId, OrderRef order) {
    return new Intent(
        cancelId, order, null, null, null, null, false, false, null, Map.of(), Instant.now());
  }

  /** One whose deadline no test reaches, however slow the machine. */
  public static Intent patient(OrderRef order) {
    return within(order, NO_HURRY);
  }

  public static Intent within(OrderRef order, Duration time) {
    return until(order, Instant.now().plus(time));
  }

  public static Intent until(OrderRef order, Instant deadline) {
    return new Intent(
        id(), order, null, null, null, deadline, false, false, null, Map.of(), Instant.now());
  }

  /** Publishes, and waits until Kafka has it. */
  public RecordMetadata publish(Intent intent) {
    return publisher.publish(intent).toCompletableFuture().join();
  }

  public RecordMetadata publish(Intent intent, TraceContext trace) {
    return publisher.publish(intent, trace).toCompletableFuture().join();
  }

  /** Publishes the second right behind the first: no pause of this thread comes between. */
  public void publishBoth(Intent first, TraceContext one, Intent second, TraceContext two) {
    var before = publisher.publish(first, one).toCompletableFuture();
    publisher.publish(second, two).toCompletableFuture().join();
    before.join();
  }

  /** As another client would: any key, any headers. */
  public void publishRaw(String key, CancelIntent value, Headers headers) {
    try (var producer =
        new KafkaProducer<>(
            stack.connection().producer("test"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(
          new ProducerRecord<>(
              Topics.INTENTS,
              null,
              key.getBytes(StandardCharsets.UTF_8),
              serdes.serializer(CancelIntent.class).serialize(Topics.INTENTS, value),
              headers));
    }
  }

  public RecordMetadata publish(byte[] key, byte[] value) {
    return publisher.publish(key, value).toCompletableFuture().join();
  }

  public List<Outcome> outcomesOf(String cancelId) {
    return outcomes.stream().filter(o -> o.cancel().cancelId().equals(cancelId)).toList();
  }

  public Outcome await(String cancelId) {
    Awaitility.await("outcome of " + cancelId)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !outcomesOf(cancelId).isEmpty());
    return outcomesOf(cancelId).getFirst();
  }

  /** Publishes and waits for the outcome. */
  public Outcome cancel(Intent intent) {
    publish(intent);
    return await(intent.cancelId());
  }

  /**
   * The cancels that the venue let in, and those that it has not answered yet. Tradovate keeps two
   * sessions and ends the oldest for a third: where another test logs in (a probe, a second desk),
   * the desk's next cancel is refused, which is no fault, and sent again with a new token.
   */
  public List<JournalCall> cancelCalls(OrderRef order) {
    return stack.simulator().journal().calls(order).stream()
        .filter(call -> call.kind() == CallKind.CANCEL)
        .filter(call -> call.answered() == null || call.answered().status() != 401)
        .toList();
  }

  /** Waits until the order-state table shows it; reads the topic that the desk writes. */
  public void awaitTable(OrderRef order, Predicate<io.countermand.events.OrderState> shows) {
    Awaitility.await("table shows " + order)
        .atMost(PATIENCE)
        .until(
            () ->
                read(Topics.ORDER_STATES).stream()
                    .filter(r -> r.value() != null)
                    .filter(r -> order.key().equals(new String(r.key(), StandardCharsets.UTF_8)))
                    .map(r -> decode(r, io.countermand.events.OrderState.class))
                    .anyMatch(shows));
  }

  public DeadLetter awaitDeadLetter(RecordMetadata of) {
    return Awaitility.await("dead letter of " + of)
        .atMost(PATIENCE)
        .until(
            () ->
                read(Topics.DEAD_LETTERS).stream()
                    .map(r -> decode(r, DeadLetter.class))
                    .filter(
                        letter ->
                            letter.getSource().getTopic().equals(of.topic())
                                && letter.getSource().getPartition() == of.partition()
                                && letter.getSource().getOffset() == of.offset())
                    .findFirst()
                    .orElse(null),
            found -> found != null);
  }

  public <T extends org.apache.avro.specific.SpecificRecord> T decode(
      ConsumerRecord<byte[], byte[]> record, Class<T> type) {
    return requireNonNull(serdes.deserializer(type).deserialize(record.topic(), record.value()));
  }

  /** All committed records that a topic holds now. */
  public List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    return read(stack.connection(), topic);
  }

  /** The same, of any cluster. */
  public static List<ConsumerRecord<byte[], byte[]>> read(
      KafkaConnection connection, String topic) {
    var settings = connection.consumer("test");
    settings.put("isolation.level", "read_committed");
    settings.put("fetch.max.wait.ms", "20");
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
      return records;
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    publisher.close();
    serdes.close();
    stack.close();
    collector.close();
  }
}
