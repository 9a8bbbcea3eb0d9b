package io.countermand.console;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.client.CancelClient;
import io.countermand.client.Connection;
import io.countermand.console.access.AccessSettings;
import io.countermand.console.actions.Actions;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassScope;
import io.countermand.events.CancelOutcome;
import io.countermand.events.OrderKey;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.client.MassCancels;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A console before the real pipeline, and who cancels there. */
@Tag("pipeline")
@ExtendWith(PipelineAccess.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConsoleScenario {

  static final String VENUE = "crosstrade";
  static final String ACCOUNT = "Sim101";
  static final Duration PATIENCE = Duration.ofSeconds(60);

  final PipelineAccess.Stack stack;
  final HttpClient http = HttpClient.newHttpClient();
  Connection connection;
  Console console;
  CancelClient client;
  private KafkaProducer<byte[], byte[]> producer;

  ConsoleScenario(PipelineAccess.Stack stack) {
    this.stack = stack;
  }

  @BeforeAll
  void open() {
    connection =
        Connection.of(stack.connection().bootstrapServers(), stack.connection().registryUrl());
    client = CancelClient.connect(connection);
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", connection.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    console = open(0, 20);
  }

  /**
   * One that has read its topics.
   *
   * @param port 0: a free one
   * @param streams live views at once
   */
  Console open(int port, int streams) {
    Console opened =
        Console.open(
            new ConsoleSettings(
                connection,
                "127.0.0.1",
                port,
                Duration.ofMinutes(1),
                20_000,
                64,
                10_000,
                streams,
                Duration.ofSeconds(7),
                access(),
                reports()),
            actions());
    Awaitility.await("topics read").atMost(PATIENCE).until(() -> opened.missing().isEmpty());
    return opened;
  }

  /** Who has to sign in; null: nobody. */
  AccessSettings access() {
    return null;
  }

  /** Below which reports of audits lie; null: none are shown. */
  Path reports() {
    return null;
  }

  /** What can be done; null: nothing. */
  Actions actions() {
    return null;
  }

  @AfterAll
  void close() {
    console.close();
    producer.close();
    client.close();
    http.close();
  }

  @AfterEach
  void heal() {
    stack.simulator().faults().clear();
  }

  static OrderKey order() {
    return OrderKey.of(VENUE, ACCOUNT, UUID.randomUUID().toString().replace("-", ""));
  }

  OrderKey place() {
    return place(VENUE, ACCOUNT);
  }

  OrderKey place(String venue, String account) {
    OrderKey order = OrderKey.of(venue, account, order().orderId());
    stack.simulator().book().place(NewOrder.of(venue, account, order.orderId(), "10"));
    return order;
  }

  void fail(OrderKey order, Fault fault) {
    stack
        .simulator()
        .faults()
        .add(FaultRule.next(VENUE, Integer.MAX_VALUE, fault).forOrder(order.orderId()));
  }

  CancelOutcome cancel(OrderKey order, String id) throws Exception {
    return client.cancel(order).id(id).send().get(60, TimeUnit.SECONDS);
  }

  /** Sends nothing to the venue but calls that fail, and the first of them however slow all is. */
  CancelOutcome unresolved(OrderKey order, String id) throws Exception {
    fail(order, new Fault.ServerError(false, 503));
    return client
        .cancel(order)
        .id(id)
        .within(Duration.ofSeconds(10))
        .send()
        .get(60, TimeUnit.SECONDS);
  }

  /** A kill switch that is on, of an account that nobody else has; its id. */
  static String fire(MassCancels masses, String account) throws Exception {
    String id = "kill-" + UUID.randomUUID();
    masses.ask(
        new MassCancel(
            id,
            MassScope.of(VENUE, account),
            "alice",
            "rogue algorithm, see the desk's log",
            null,
            false,
            false,
            Instant.now(),
            true,
            null));
    return id;
  }

  static void release(MassCancels masses, String id) throws Exception {
    masses.ask(
        MassCancel.release(UUID.randomUUID().toString(), id, "bob", "mended", Instant.now()));
  }

  /** To cancel-intents. */
  RecordMetadata publish(byte[] value) throws Exception {
    return publish(order().bytes(), value);
  }

  RecordMetadata publish(byte[] key, byte[] value) throws Exception {
    return producer
        .send(new ProducerRecord<>(Topics.INTENTS, key, value))
        .get(60, TimeUnit.SECONDS);
  }

  /** To that topic, without a key. */
  <R extends SpecificRecord> void publish(String topic, R value) throws Exception {
    try (var serdes = new EventSerdes(connection.registryUrl(), connection.registry())) {
      @SuppressWarnings("unchecked")
      var type = (Class<R>) value.getClass();
      byte[] bytes = serdes.serializer(type).serialize(topic, value);
      var _ = producer.send(new ProducerRecord<>(topic, bytes)).get(60, TimeUnit.SECONDS);
    }
  }

  /** Out of the list of dead letters. */
  static String letterLink(String list, String source) {
    String row = list.substring(0, list.indexOf(source));
    String link = row.substring(row.lastIndexOf("/dead-letter?")).split("\"", 2)[0];
    return link.replace("&amp;", "&");
  }

  URI address(String path) {
    return URI.create("http://127.0.0.1:" + console.port() + path);
  }

  HttpResponse<String> get(String path) throws Exception {
    return http.send(HttpRequest.newBuilder(address(path)).build(), BodyHandlers.ofString());
  }

  /** The page, as soon as it says that. */
  String await(String path, String says) {
    return await(path + " says " + says, path, page -> page.contains(says));
  }

  /** The page, as soon as it is so. */
  String await(String path, Predicate<String> so) {
    return await(path, path, so);
  }

  private String await(String what, String path, Predicate<String> so) {
    return Awaitility.await(what)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .until(() -> get(path).body(), so);
  }

  /** Whether a page has an intent and these; each topic is read by itself, so one may be behind. */
  static Predicate<String> timeLine(String... kinds) {
    return page ->
        page.contains("<strong>intent</strong>") && Stream.of(kinds).allMatch(page::contains);
  }

  static String page(OrderKey order, String cancelId) {
    return DisplayText.cancel(order.key(), cancelId);
  }
}
