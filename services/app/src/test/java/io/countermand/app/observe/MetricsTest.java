package io.countermand.app.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.domain.Intent;
import io.countermand.domain.order.OrderRef;
import io.countermand.platform.Topics;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.request.CallKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What operators are shown on {@code /metrics}, against real Kafka, registry and simulator. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class MetricsTest {

  private static final String VENUE = "crosstrade-ws";

  private final Pipeline pipeline;
  private final OpsClient client = new OpsClient();

  MetricsTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  /** An earlier test may have started a role anew: a container's port is closed until it serves. */
  @BeforeEach
  void ready() {
    pipeline.stack().awaitReady();
  }

  @AfterEach
  void close() {
    client.close();
    pipeline.stack().simulator().faults().clear();
  }

  @Test
  void shouldShowEveryMetricThatAnAlertUses() throws Exception {
    // Given: some traffic
    pipeline.cancel(Pipeline.intent(pipeline.place("cadenza")));
    List<Alerts.Selector> used = Alerts.read().selectors();
    // Then
    assertThat(used).hasSizeGreaterThan(8);
    Awaitility.await("the binders look for new metrics every 10 s")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              Scrape scrape = scrape();
              assertThat(used)
                  .allSatisfy(
                      selector ->
                          assertThat(scrape.series())
                              .as("%s", selector)
                              .anyMatch(selector::matches));
            });
  }

  @Test
  void shouldShowWhatTheKafkaClientsOfEachRoleMeasure() {
    Awaitility.await("the binders look for new metrics every 10 s")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              Scrape now = scrape();
              assertThat(now.sum("kafka_stream_alive_stream_threads", "role", "desk")).isPositive();
              assertThat(now.sum("kafka_stream_alive_stream_threads", "role", "ledger"))
                  .isPositive();
              assertThat(now.series())
                  .anyMatch(
                      each ->
                          each.name().equals("kafka_producer_record_send_total")
                              && "desk".equals(each.labels().get("role")))
                  .anyMatch(
                      each ->
                          each.name().equals("countermand_lag_records")
                              && "desk".equals(each.labels().get("role"))
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
    Awaitility.await("all is counted")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> countsOneCancelAndOneRefusal(before, scrape()));
  }

  private static void countsOneCancelAndOneRefusal(Scrape before, Scrape after) {
    assertThat(more(before, after, "countermand_desk_intents_total", "venue", VENUE)).isEqualTo(2);
    assertThat(
            more(
                before,
                after,
                "countermand_desk_decisions_total",
                "venue",
                VENUE,
                "decision",
                "routed"))
        .isEqualTo(1);
    assertThat(
            more(
                before,
                after,
                "countermand_desk_decisions_total",
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
                before, after, "countermand_desk_attempts_total", "venue", VENUE, "kind", "CANCEL"))
        .isEqualTo(1);
    assertThat(
            more(before, after, "countermand_desk_replies_total", "venue", VENUE, "kind", "CANCEL"))
        .isEqualTo(1);
    assertThat(
            more(
                before,
                after,
                "countermand_desk_call_seconds_bucket",
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
                "desk",
                "topic",
                Topics.INTENTS,
                "reason",
                "NOT_AVRO"))
        .isEqualTo(1);
    assertThat(after.sum("countermand_desk_breaker", "venue", VENUE, "state", "closed"))
        .isEqualTo(1);
    assertThat(after.sum("countermand_desk_budget_permits", "venue", VENUE)).isPositive();
    // One machine, one clock; before the first answer was written it was no number.
    assertThat(after.series())
        .anySatisfy(
            each -> {
              assertThat(each.name()).isEqualTo("countermand_clock_skew_seconds");
              assertThat(each.value()).isZero();
            });
  }

  @Test
  void shouldShowACancelWhileItIsOpen() throws Exception {
    // Given: a venue that takes its time, and processes that have answered a scrape before
    scrape();
    pipeline
        .stack()
        .simulator()
        .faults()
        .add(
            FaultRule.next(VENUE, 1_000, new Fault.Delay(Duration.ofSeconds(4)))
                .on(CallKind.CANCEL));
    var open = new AtomicBoolean();
    var called = new AtomicBoolean();
    // When: and another one where scrapes were too slow to meet it
    List<Intent> intents = new ArrayList<>(List.of(Pipeline.intent(pipeline.place(VENUE))));
    pipeline.publish(intents.getFirst());
    // Then: each was shown; a scrape asks one process after the other, so perhaps not in the same
    Awaitility.await("shown as open and in flight")
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              if (!pipeline.outcomesOf(intents.getLast().cancelId()).isEmpty()) {
                intents.add(Pipeline.intent(pipeline.place(VENUE)));
                pipeline.publish(intents.getLast());
              }
              Scrape now = scrape();
              if (now.sum("countermand_ledger_open", "venue", VENUE) == 1
                  && now.sum("countermand_ledger_oldest_open_seconds", "venue", VENUE) > 0.5) {
                open.set(true);
              }
              if (now.sum("countermand_desk_calls_in_flight", "venue", VENUE) == 1) {
                called.set(true);
              }
              return open.get() && called.get();
            });
    pipeline.await(intents.getLast().cancelId());
    Awaitility.await("gone")
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              Scrape now = scrape();
              return now.sum("countermand_ledger_open", "venue", VENUE) == 0
                  && now.sum("countermand_ledger_oldest_open_seconds", "venue", VENUE) == 0
                  && now.sum("countermand_desk_calls_in_flight", "venue", VENUE) == 0;
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
    return client.scrape(pipeline.stack().opsPorts());
  }
}
