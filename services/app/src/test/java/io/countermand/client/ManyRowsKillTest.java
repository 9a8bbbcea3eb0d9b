// Over 300 lines: half of it reads what Kafka, venue, file and process say.
package io.countermand.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.app.local.LocalStack;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.codec.OutcomeCodec;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Outcome;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelOutcome;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.request.CallKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten thousand cancels of a file, by a process that is killed and by the next ones, judged by what
 * Kafka, the venue and the result file say. A stack of its own.
 */
@Tag("long")
@Timeout(value = 12, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyRowsKillTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String VENUE = "cadenza";
  private static final String ACCOUNT = "Rows";
  private static final int ROWS = 10_000;
  private static final Duration PATIENCE = Duration.ofSeconds(240);

  /** As doubles, each two neighbours are one. */
  private static final long BEYOND_DOUBLES = 9_007_199_254_740_993L;

  private static final Pattern PROGRESS = Pattern.compile("(\\d+) of (\\d+): (\\d+) CANCELED.*");

  private LocalStack stack;
  private Path data;

  /** What a run of the command said. */
  private record Run(int code, String out, String err) {}

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    data = directory;
    stack =
        LocalStack.start(
            new LocalStack.Options(
                data.resolve("stack"),
                0,
                0,
                Map.of(VENUE, VENUE),
                "2ms",
                true,
                Map.of("COUNTERMAND_HTTP_PORT", "0", "COUNTERMAND_VENUES_CADENZA_TIMEOUT", "20s")),
            line -> {});
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Test
  void shouldGiveTenThousandOrdersOneOutcomeEachThoughItIsKilled(TestReporter reporter)
      throws Exception {
    // Given: a file as a spreadsheet writes it
    List<OrderRef> orders =
        IntStream.range(0, ROWS).mapToObj(i -> place(Long.toString(BEYOND_DOUBLES + i))).toList();
    Path csv = data.resolve("cancels.csv");
    Files.writeString(
        csv,
        orders.stream()
            .map(o -> o.venue() + ",\"" + o.account() + "\"," + o.orderId() + "\r\n")
            .collect(Collectors.joining("", "\uFEFFvenue,account,orderId\r\n", "")));
    Path results = Path.of(csv + ".results.jsonl");
    stack // the last one, so that it is killed before all are done
        .simulator()
        .faults()
        .add(
            FaultRule.next(VENUE, 1, new Fault.Delay(Duration.ofSeconds(15)))
                .on(CallKind.CANCEL)
                .forOrder(orders.getLast().orderId()));
    // When: killed after a third
    Instant begun = Instant.now();
    Process first = begin("first", csv);
    Awaitility.await("a third is done")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !first.isAlive() || lines(results) > ROWS / 3);
    assertThat(first.isAlive()).as("%s", said("first")).isTrue();
    first.destroyForcibly().waitFor();
    int done = results(results).size();
    int called = calls().size();
    Instant killed = Instant.now();
    Run second = end("second", begin("second", csv));
    Instant ended = Instant.now();
    long asked = records(Topics.INTENTS).size();
    Run third = end("third", begin("third", csv));
    // Then: exit codes and words
    assertThat(done).isBetween(ROWS / 3, ROWS - 1);
    assertThat(second.code()).as("%s", second).isZero();
    assertThat(second.out())
        .contains(ROWS + " CANCELED (" + done + " from the run before)", results.toString());
    progressed(second.err(), done);
    assertThat(third.code()).as("%s", third).isZero();
    assertThat(third.out()).contains(ROWS + " CANCELED (" + ROWS + " from the run before)");
    assertThat(third.err()).isEmpty();
    assertThat(records(Topics.INTENTS)).as("the third run asks for nothing").hasSize((int) asked);
    // Then: Kafka, the venue and the file
    Map<OrderRef, Placed> outcomes = outcomes();
    assertThat(outcomes.keySet()).containsExactlyInAnyOrderElementsOf(orders);
    calledOnceAndNotAfterwards(outcomes);
    List<JsonNode> written = results(results);
    assertThat(written).hasSize(ROWS);
    for (JsonNode each : written) {
      var order =
          new OrderRef(
              each.path("venue").asText(),
              each.path("account").asText(),
              each.path("orderId").asText());
      assertThat(each.path("order").asText()).isEqualTo(order.key());
      Placed placed = outcomes.remove(order);
      assertThat(placed).as("once: %s", each).isNotNull();
      assertThat(each.path("result").asText()).isEqualTo("CANCELED");
      assertThat(each.path("cancelId").asText()).isEqualTo(placed.outcome().cancel().cancelId());
      assertThat(List.of(each.path("at").get(1).asInt(), each.path("at").get(2).asInt()))
          .isEqualTo(List.of(placed.record().partition(), (int) placed.record().offset()));
    }
    assertThat(outcomes).isEmpty();
    reporter.publishEntry(
        "killed with %d results of %d calls after %d ms; the rest in %d ms; %d intents in all"
            .formatted(
                done,
                called,
                Duration.between(begun, killed).toMillis(),
                Duration.between(killed, ended).toMillis(),
                asked));
  }

  @Test
  void shouldNameWrongRowsInTheMiddleAndSendTheOthers() throws Exception {
    // Given
    OrderRef longest = place("x".repeat(200));
    OrderRef last = place("last \"quoted\", and more");
    Path csv = data.resolve("wrong.csv");
    Files.write(
        csv,
        List.of(
            "venue,account,orderId,cancelId,within",
            VENUE + "," + ACCOUNT + "," + longest.orderId() + ",,",
            "cadensa," + ACCOUNT + ",1,,",
            VENUE + "," + ACCOUNT + ",,,",
            VENUE + "," + ACCOUNT + ",1," + "y".repeat(200) + ",",
            VENUE + "," + ACCOUNT + "," + "z".repeat(257) + ",,",
            VENUE + "," + ACCOUNT + ",1",
            VENUE + "," + ACCOUNT + ",1,,soon",
            VENUE + "," + ACCOUNT + ",12\"3\"4,,",
            VENUE + "," + ACCOUNT + ",\"last \"\"quoted\"\", and more\",,"));
    // When
    Run refused = end("refused", begin("refused", csv));
    assertThat(calls().keySet()).doesNotContain(longest, last);
    Run run = end("wrong", begin("wrong", csv, "--skip-wrong"));
    Run again = end("again", begin("again", csv, "--skip-wrong"));
    // Then
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("nothing was sent", "--skip-wrong");
    for (Run each : List.of(run, again)) {
      assertThat(each.code()).as("%s", each).isEqualTo(1);
      assertThat(each.err().lines().filter(line -> line.startsWith("not sent: ")))
          .as(each.err())
          .hasSize(7);
      for (int line = 3; line <= 9; line++) {
        assertThat(each.err()).contains("line " + line + ": ");
      }
      assertThat(each.err()).contains("cadensa", "orderId must have", "id must have", "soon");
      assertThat(each.out()).contains("2 CANCELED, 7 INVALID");
    }
    assertThat(calls().get(longest)).hasSize(1);
    assertThat(calls().get(last)).hasSize(1);
    assertThat(results(Path.of(csv + ".results.jsonl"))).hasSize(2);
  }

  @Test
  void shouldCancelNoOrderWhoseIdCannotBeReadFromAPipe() throws Exception {
    // Given: Latin-1, in which an id would lose a letter
    Path rows = data.resolve("latin.csv");
    Files.writeString(
        rows, "venue,account,orderId\n" + VENUE + "," + ACCOUNT + ",ü1\n", ISO_8859_1);
    List<String> command = command(Path.of("-"), "--results", data.resolve("latin").toString());
    // When
    Process process =
        new ProcessBuilder(command)
            .redirectInput(rows.toFile())
            .redirectOutput(data.resolve("latin.out").toFile())
            .redirectError(data.resolve("latin.err").toFile())
            .start();
    Run run = end("latin", process);
    // Then
    assertThat(run.code()).as("%s", run).isEqualTo(2);
    assertThat(run.err()).contains("UTF-8");
  }

  @Test
  void shouldDrawItsProgressAtATerminalAndLeaveAWholeLine() throws Exception {
    Path script = Path.of("/usr/bin/script");
    Assumptions.assumeTrue(Files.isExecutable(script), "there is no /usr/bin/script");
    // Given
    OrderRef order = place("at-a-terminal");
    Path csv =
        Files.writeString(data.resolve("terminal.csv"), "orderId\n" + order.orderId() + "\n");
    // When
    String command =
        command(csv, "--venue", VENUE, "--account", ACCOUNT).stream()
            .map(each -> "'" + each + "'")
            .collect(Collectors.joining(" "));
    Process process =
        new ProcessBuilder(script.toString(), "-qec", command, "/dev/null")
            .redirectErrorStream(true)
            .redirectOutput(data.resolve("terminal.out").toFile())
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
    // Then
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    String screen = Files.readString(data.resolve("terminal.out"));
    assertThat(process.exitValue()).as(screen).isZero();
    assertThat(screen).contains("\r\u001b[K1 of 1: 1 CANCELED");
    assertThat(screen.substring(screen.lastIndexOf("\u001b[K") + 3))
        .as("what is left on the screen: %s", screen)
        .startsWith("1 CANCELED; each in ");
  }

  /** More each time, never more than all, nothing to draw with. */
  private static void progressed(String err, int before) {
    assertThat(err).doesNotContain("\u001b").doesNotContain("\r");
    int last = before;
    List<String> lines = err.lines().toList();
    assertThat(lines).isNotEmpty();
    for (String line : lines) {
      Matcher words = PROGRESS.matcher(line);
      assertThat(words.matches()).as(line).isTrue();
      assertThat(Integer.parseInt(words.group(1))).as(line).isGreaterThan(last);
      assertThat(words.group(2)).isEqualTo(Integer.toString(ROWS));
      assertThat(words.group(3)).as("nothing else").isEqualTo(words.group(1));
      last = Integer.parseInt(words.group(1));
    }
    assertThat(last).isLessThanOrEqualTo(ROWS);
  }

  private void calledOnceAndNotAfterwards(Map<OrderRef, Placed> outcomes) {
    Map<OrderRef, List<JournalCall>> calls = calls();
    outcomes.forEach(
        (order, placed) -> {
          assertThat(placed.outcome().result()).isEqualTo(CancelResult.CANCELED);
          assertThat(calls.get(order)).as("%s", order).hasSize(1);
          assertThat(calls.get(order).getFirst().received().at())
              .isBefore(placed.outcome().decidedAt());
        });
  }

  private OrderRef place(String id) {
    OrderRef order = new OrderRef(VENUE, ACCOUNT, id);
    stack.simulator().book().place(NewOrder.of(VENUE, ACCOUNT, id, "10"));
    return order;
  }

  private List<String> command(Path csv, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Dcountermand.log.kafka=ERROR",
                "-cp",
                System.getProperty("java.class.path"),
                "io.countermand.app.Countermand",
                "cancel",
                "--config",
                stack.configFile().toString(),
                "--file",
                csv.toString(),
                "--within",
                "900s"));
    command.addAll(List.of(more));
    return command;
  }

  private Process begin(String name, Path csv, String... more) throws IOException {
    return new ProcessBuilder(command(csv, more))
        .redirectOutput(data.resolve(name + ".out").toFile())
        .redirectError(data.resolve(name + ".err").toFile())
        .start();
  }

  private Run end(String name, Process process) throws Exception {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(name + " did not end: " + said(name));
    }
    return new Run(
        process.exitValue(),
        Files.readString(data.resolve(name + ".out")),
        Files.readString(data.resolve(name + ".err")));
  }

  private String said(String name) throws IOException {
    return Files.readString(data.resolve(name + ".out"))
        + Files.readString(data.resolve(name + ".err"));
  }

  private static long lines(Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    long lines = 0;
    for (byte each : Files.readAllBytes(file)) {
      lines += each == '\n' ? 1 : 0;
    }
    return lines;
  }

  /** Whole lines, without the one that names the batch. */
  private static List<JsonNode> results(Path file) throws IOException {
    String text = Files.readString(file, UTF_8);
    List<JsonNode> results = new ArrayList<>();
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      JsonNode node = JSON.readTree(line);
      if (!node.has("batch")) {
        results.add(node);
      }
    }
    return results;
  }

  private Map<OrderRef, List<JournalCall>> calls() {
    return stack.simulator().journal().calls(CallKind.CANCEL).stream()
        .collect(
            Collectors.groupingBy(
                call -> new OrderRef(VENUE, ACCOUNT, String.valueOf(call.received().orderId()))));
  }

  private List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    return Pipeline.read(stack.connection(), topic);
  }

  /** An outcome and where it stands. */
  private record Placed(Outcome outcome, ConsumerRecord<byte[], byte[]> record) {}

  /** Of each order with an id beyond 2^53; fails where one has two. */
  private Map<OrderRef, Placed> outcomes() {
    Map<OrderRef, Placed> outcomes = new HashMap<>();
    try (EventSerdes serdes = stack.connection().serdes();
        var values = serdes.deserializer(CancelOutcome.class)) {
      for (var record : records(Topics.OUTCOMES)) {
        Outcome outcome =
            OutcomeCodec.fromAvro(values.deserialize(Topics.OUTCOMES, record.value()));
        OrderRef order = outcome.cancel().order();
        if (order.orderId().startsWith("90071992")) {
          assertThat(new String(record.key(), UTF_8)).isEqualTo(order.key());
          assertThat(outcomes.put(order, new Placed(outcome, record))).as("%s", order).isNull();
        }
      }
    }
    return outcomes;
  }
}
