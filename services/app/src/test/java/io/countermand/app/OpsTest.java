package io.countermand.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.codec.IntentCodec;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Evidence;
import io.countermand.domain.Intent;
import io.countermand.domain.OrderRef;
import io.countermand.domain.RequestKind;
import io.countermand.events.serde.EventSerdes;
import io.countermand.observe.OpsPort;
import io.countermand.observe.Part;
import io.countermand.platform.Topics;
import io.countermand.simulator.CallKind;
import io.countermand.simulator.Fault;
import io.countermand.simulator.FaultRule;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What operators are shown of processes that run against real Kafka, registry and simulator. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class OpsTest {

  /** A venue of this test alone, whose credential the simulator does not know. */
  private static final String BARRED = "barred";

  private static final String VENUE = "crosstrade-ws";
  private static final String WRONG = "wrong-token-53cr3t";
  private static final Part WORKER = new Part("worker", BARRED);

  private final Pipeline pipeline;
  private final HttpClient client = HttpClient.newHttpClient();

  OpsTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void shouldBeReadyWithEveryRole() throws Exception {
    pipeline.stack().awaitReady();
    // When
    Set<String> roles = new TreeSet<>();
    for (int port : pipeline.stack().opsPorts()) {
      HttpResponse<String> ready = get(port, "/health/ready");
      assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200);
      json(ready).get("roles").properties().forEach(role -> roles.add(role.getKey()));
    }
    // Then
    assertThat(roles)
        .contains("gate", "ledger", "worker cadenza", "worker tradovate", "feed tradovate");
  }

  @Test
  void shouldSayThatTheVenueRefusesTheCredential() throws Exception {
    // Given
    Config config = barred();
    TopicsCommand.apply(pipeline.stack().connection(), config, change -> {});
    SchemasCommand.register(pipeline.stack().connection(), config);
    try (OpsPort ops = Ops.open(config, WORKER);
        Roles roles = new Roles(config, ops)) {
      HttpResponse<String> before = get(ops.port(), "/health/ready");
      roles.start(WORKER.toString());
      Awaitility.await("ready")
          .atMost(Duration.ofSeconds(60))
          .until(() -> get(ops.port(), "/health/ready").statusCode() == 200);
      // When
      request();
      // Then
      Awaitility.await("refused")
          .atMost(Duration.ofSeconds(60))
          .until(() -> get(ops.port(), "/health/ready").statusCode() == 503);
      HttpResponse<String> after = get(ops.port(), "/health/ready");
      assertThat(before.statusCode()).isEqualTo(503);
      assertThat(missing(before)).containsExactly("not started");
      assertThat(missing(after))
          .singleElement()
          .asString()
          .startsWith("venue barred UNAUTHORIZED, no call before ");
      assertThat(get(ops.port(), "/health/live").statusCode()).isEqualTo(200);
      String scrape = get(ops.port(), "/metrics").body();
      assertThat(after.body() + scrape).doesNotContain(WRONG);
      assertThat(
              Scrape.of(scrape)
                  .sum("countermand_worker_paused", "venue", BARRED, "cause", "unauthorized"))
          .isEqualTo(1);
      assertThat(Scrape.of(scrape).sum("countermand_ready", "role", "worker", "venue", BARRED))
          .isZero();
    }
  }

  @Test
  void shouldShowEveryMetricThatAnAlertUses() throws Exception {
    // Given: some traffic
    pipeline.cancel(Pipeline.intent(pipeline.place("cadenza")));
    List<Alerts.Selector> used = Alerts.read().selectors();
    // When
    Scrape scrape = scrape();
    // Then
    assertThat(used).hasSizeGreaterThan(8);
    assertThat(used)
        .allSatisfy(
            selector -> assertThat(scrape.series()).as("%s", selector).anyMatch(selector::matches));
  }

  @Test
  void shouldShowWhatTheKafkaClientsOfEachRoleMeasure() {
    Awaitility.await("the binders look for new metrics every 10 s")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              Scrape now = scrape();
              assertThat(now.sum("kafka_stream_alive_stream_threads", "role", "gate")).isPositive();
              assertThat(now.sum("kafka_stream_alive_stream_threads", "role", "ledger"))
                  .isPositive();
              assertThat(now.series())
                  .anyMatch(
                      each ->
                          each.name().equals("kafka_producer_record_send_total")
                              && "cadenza".equals(each.labels().get("venue")))
                  .anyMatch(
                      each ->
                          each.name().equals("kafka_producer_record_send_total")
                              && "tradovate".equals(each.labels().get("venue")))
                  // A share group's, which the broker was asked for.
                  .anyMatch(
                      each ->
                          each.name().equals("countermand_lag_records")
                              && "worker".equals(each.labels().get("role"))
                              && each.value() >= 0);
            });
  }

  @Test
  void shouldCountWhatHappens() throws Exception {
    // Given
    Scrape before = scrape();
    OrderRef open = pipeline.place(VENUE);
    OrderRef filled = pipeline.place(VENUE);
    pipeline.stack().simulator().book().fill(filled);
    pipeline.awaitTable(
        filled, state -> state.getOrdStatus() == io.countermand.events.OrdStatus.FILLED);
    // When
    pipeline.cancel(Pipeline.intent(open));
    pipeline.cancel(Pipeline.intent(filled));
    pipeline.awaitDeadLetter(
        pipeline.publish("k".getBytes(StandardCharsets.UTF_8), new byte[] {1, 2, 3}));
    // Then
    Scrape after = scrape();
    assertThat(more(before, after, "countermand_gate_intents_total", "venue", VENUE)).isEqualTo(2);
    assertThat(
            more(
                before,
                after,
                "countermand_gate_decisions_total",
                "venue",
                VENUE,
                "decision",
                "routed"))
        .isEqualTo(1);
    assertThat(
            more(
                before,
                after,
                "countermand_gate_decisions_total",
                "venue",
                VENUE,
                "decision",
                "rejected_early",
                "reason",
                "ORDER_FILLED"))
        .isEqualTo(1);
    assertThat(
            more(
                before,
                after,
                "countermand_ledger_outcomes_total",
                "venue",
                VENUE,
                "result",
                "CANCELED"))
        .isEqualTo(1);
    assertThat(
            more(
                before,
                after,
                "countermand_ledger_outcomes_total",
                "venue",
                VENUE,
                "result",
                "REJECTED",
                "reason",
                "ORDER_FILLED"))
        .isEqualTo(1);
    assertThat(more(before, after, "countermand_ledger_outcome_seconds_count", "venue", VENUE))
        .isEqualTo(2);
    assertThat(
            more(
                before,
                after,
                "countermand_worker_attempts_total",
                "venue",
                VENUE,
                "kind",
                "CANCEL"))
        .isEqualTo(1);
    assertThat(more(before, after, "countermand_worker_replies_total", "venue", VENUE))
        .isEqualTo(1);
    assertThat(
            more(
                before,
                after,
                "countermand_worker_call_seconds_bucket",
                "venue",
                VENUE,
                "kind",
                "CANCEL",
                "le",
                "+Inf"))
        .isEqualTo(1);
    assertThat(
            more(
                before,
                after,
                "countermand_dead_letters_total",
                "role",
                "gate",
                "topic",
                Topics.INTENTS,
                "reason",
                "NOT_AVRO"))
        .isEqualTo(1);
    assertThat(after.sum("countermand_worker_breaker", "venue", VENUE, "state", "closed"))
        .isEqualTo(1);
    assertThat(after.sum("countermand_worker_budget_permits", "venue", VENUE)).isPositive();
  }

  @Test
  void shouldShowACancelWhileItIsOpen() throws Exception {
    // Given: a venue that takes its time
    pipeline
        .stack()
        .simulator()
        .faults()
        .add(FaultRule.next(VENUE, 1, new Fault.Delay(Duration.ofSeconds(3))).on(CallKind.CANCEL));
    // When
    Intent intent = Pipeline.intent(pipeline.place(VENUE));
    pipeline.publish(intent);
    // Then
    Awaitility.await("shown as open")
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              Scrape now = scrape();
              return now.sum("countermand_ledger_open", "venue", VENUE) == 1
                  && now.sum("countermand_ledger_oldest_open_seconds", "venue", VENUE) > 0.5
                  && now.sum("countermand_worker_calls_in_flight", "venue", VENUE) == 1;
            });
    pipeline.await(intent.cancelId());
    Awaitility.await("gone")
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              Scrape now = scrape();
              return now.sum("countermand_ledger_open", "venue", VENUE) == 0
                  && now.sum("countermand_ledger_oldest_open_seconds", "venue", VENUE) == 0;
            });
  }

  @Test
  void shouldShowWhatTheDocumentationTells() throws Exception {
    // Given
    pipeline.cancel(Pipeline.intent(pipeline.place(VENUE)));
    String table = Files.readString(Path.of("../../docs/operations.md"));
    Set<String> told =
        Pattern.compile("`((?:countermand|kafka|jvm|process)_[a-z_]+)")
            .matcher(table)
            .results()
            .map(match -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    // Then
    Awaitility.await("the binders look for new metrics every 10 s")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              Set<String> shown =
                  scrape().names().stream()
                      .map(
                          name -> name.replaceFirst("_seconds_(bucket|count|sum|max)$", "_seconds"))
                      .collect(Collectors.toCollection(TreeSet::new));
              assertThat(shown).containsAll(told);
              assertThat(told)
                  .containsAll(
                      shown.stream().filter(name -> name.startsWith("countermand_")).toList());
            });
  }

  private static double more(Scrape before, Scrape after, String name, String... labels) {
    return after.sum(name, labels) - before.sum(name, labels);
  }

  private Scrape scrape() throws IOException, InterruptedException {
    var all = new StringBuilder();
    for (int port : pipeline.stack().opsPorts()) {
      all.append(get(port, "/metrics").body());
    }
    return Scrape.of(all.toString());
  }

  private Config barred() {
    return Config.load(
        Optional.of(pipeline.stack().configFile()),
        Map.of(
            "COUNTERMAND_INSTANCE", "barred-test",
            "COUNTERMAND_HTTP_PORT", "0",
            "COUNTERMAND_TOPICS_PARTITIONS", "3",
            "COUNTERMAND_VENUES_BARRED_ADAPTER", "crosstrade",
            "COUNTERMAND_VENUES_BARRED_BASE_URL",
                pipeline.stack().simulator().venueUrl("crosstrade").toString(),
            "COUNTERMAND_VENUES_BARRED_CREDENTIALS_TOKEN", WRONG));
  }

  /** As the gate would route it; the shared gate does not know the venue. */
  private void request() throws Exception {
    var order = new OrderRef(BARRED, "Sim101", Pipeline.id());
    Intent intent = Pipeline.intent(order);
    Instant now = Instant.now();
    var cancel =
        new Cancel(
            intent.cancelId(),
            order,
            null,
            null,
            null,
            false,
            false,
            null,
            now,
            now.plusSeconds(10),
            now,
            new Evidence(Topics.INTENTS, 0, 0),
            intent.digest());
    String topic = Topics.requests(BARRED);
    try (EventSerdes serdes = pipeline.stack().connection().serdes();
        var producer =
            new KafkaProducer<>(
                Settings.connection(barred()).producer("test"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      byte[] value =
          serdes
              .serializer(SpecificRecord.class)
              .serialize(
                  topic,
                  IntentCodec.toAvro(new CancelRequest(cancel, RequestKind.CANCEL, 1, null, now)));
      producer
          .send(new ProducerRecord<>(topic, order.key().getBytes(StandardCharsets.UTF_8), value))
          .get();
    }
  }

  private static List<String> missing(HttpResponse<String> response) throws IOException {
    return json(response)
        .get("roles")
        .get(WORKER.toString())
        .get("missing")
        .valueStream()
        .map(JsonNode::asText)
        .toList();
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return new ObjectMapper().readTree(response.body());
  }

  private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
