package io.countermand.app.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.app.Countermand;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.request.CallKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Thousands of cancels from a file, by a process that is killed and by the next one. */
@Tag("pipeline")
@Tag("front") // infra/compose/ci
@ExtendWith(PipelineExtension.class)
class BulkCancelTest {

  private static final int CANCELS = 2_000;

  private final Pipeline pipeline;

  @TempDir private Path directory;

  BulkCancelTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Test
  void shouldCancelNothingTwiceWhenItIsKilledAndRunAgain() throws Exception {
    // Given
    List<OrderRef> orders =
        IntStream.range(0, CANCELS).mapToObj(_ -> pipeline.place("crosstrade")).toList();
    Path csv = directory.resolve("cancels.csv");
    List<String> lines = new ArrayList<>(List.of("venue,account,orderId"));
    orders.forEach(o -> lines.add(o.venue() + "," + o.account() + "," + o.orderId()));
    Files.write(csv, lines);
    pipeline // the last one, so that it is killed before all are done
        .stack()
        .simulator()
        .faults()
        .add(
            FaultRule.next("crosstrade", 1, new Fault.Delay(Duration.ofSeconds(15)))
                .on(CallKind.CANCEL)
                .forOrder(orders.getLast().orderId()));
    Path results = Path.of(csv + ".results.jsonl");
    // When: killed in the middle
    Process first =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.countermand.app.Countermand",
                "cancel",
                "--config",
                pipeline.stack().configFile().toString(),
                "--file",
                csv.toString(),
                "--within",
                "600s",
                "--at-once",
                "200")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("first.log").toFile())
            .start();
    Awaitility.await("some are done")
        .atMost(Duration.ofSeconds(180))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !first.isAlive() || results(results).size() > 200);
    first.destroyForcibly().waitFor();
    int done = results(results).size();
    assertThat(done).as("%s", directory.resolve("first.log")).isBetween(200, CANCELS - 1);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Countermand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(
                "cancel",
                "--config",
                pipeline.stack().configFile().toString(),
                "--file",
                csv.toString(),
                "--within",
                "600s");
    // Then
    assertThat(code).as("%s%s", out, err).isZero();
    assertThat(out.toString()).contains(CANCELS + " CANCELED", done + " from the run before");
    Set<String> answered = new HashSet<>();
    for (JsonNode each : results(results)) {
      assertThat(each.path("result").asText()).isEqualTo("CANCELED");
      assertThat(answered.add(each.path("order").asText())).as("one line each").isTrue();
    }
    assertThat(answered).hasSize(CANCELS);
    assertThat(orders).allMatch(order -> pipeline.cancelCalls(order).size() == 1);
  }

  @Test
  void shouldSendNothingOfAFileWithAWrongLine() throws IOException {
    // Given
    OrderRef order = pipeline.place("crosstrade");
    Path file =
        Files.writeString(
            directory.resolve("c.jsonl"),
            """
            {"venue": "crosstrade", "account": "Sim101", "orderId": "%s"}
            {"venue": "crosstade", "account": "Sim101", "orderId": "1"}
            """
                .formatted(order.orderId()));
    StringWriter err = new StringWriter();
    // When
    int code = cancel(file, err);
    // Then
    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("line 2", "crosstade", "nothing was sent");
    assertThat(Path.of(file + ".results.jsonl")).doesNotExist();
  }

  @Test
  void shouldSendNothingOfAFileWithARowThatMakesNoSense() throws IOException {
    // Given: the last row's ClOrdID is blank, an id has a tab
    OrderRef order = pipeline.place("crosstrade");
    Path file =
        Files.writeString(
            directory.resolve("n.jsonl"),
            """
            {"orderId": "%s"}
            {"orderId": "a\\tb"}
            {"orderId": "2", "clOrdId": ""}
            """
                .formatted(order.orderId()));
    StringWriter err = new StringWriter();
    // When
    int code = cancel(file, err);
    // Then
    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("line 2: orderId", "line 3: clOrdId", "nothing was sent");
    assertThat(pipeline.cancelCalls(order)).isEmpty();
  }

  /** Also where wrong rows are left out: the order stands in quoted text. */
  @Test
  void shouldSendNothingOfAFileWithAnOpenQuote() throws IOException {
    // Given
    OrderRef other = pipeline.place("crosstrade");
    OrderRef quoted = pipeline.place("crosstrade");
    Path file =
        Files.writeString(
            directory.resolve("open.csv"),
            "orderId,reason\n%s,x\n1,\"instead of\n%s,which is filled\"\n"
                .formatted(other.orderId(), quoted.orderId()));
    StringWriter err = new StringWriter();
    // When
    int code = cancel(file, err, "--skip-wrong");
    // Then
    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("nothing was sent", "line 3:", "not closed");
    assertThat(pipeline.cancelCalls(other)).isEmpty();
    assertThat(pipeline.cancelCalls(quoted)).isEmpty();
  }

  @Test
  void shouldRefuseABatchWhoseIdsTheLedgerMayHaveForgotten() throws IOException {
    // Given: begun long ago, and one cancel of it has no result
    OrderRef order = pipeline.place("crosstrade");
    Path file = Files.writeString(directory.resolve("old.csv"), "orderId\n" + order.orderId());
    Files.writeString(
        Path.of(file + ".results.jsonl"), "{\"batch\":\"b\",\"begun\":\"2020-01-01T00:00:00Z\"}\n");
    StringWriter err = new StringWriter();
    // When
    int code = cancel(file, err);
    // Then
    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("remember-settled", "2020-01-01");
    assertThat(pipeline.cancelCalls(order)).isEmpty();
  }

  @Test
  void shouldRefuseAnOldBatchAlsoWhereEachRowHasAResult() throws IOException {
    // Given: yesterday's result of an order whose id is another order's today
    OrderRef order = pipeline.place("crosstrade");
    Path file =
        Files.writeString(
            directory.resolve("again.csv"), "orderId,cancelId\n" + order.orderId() + ",c1");
    Files.writeString(
        Path.of(file + ".results.jsonl"),
        "{\"batch\":\"b\",\"begun\":\"2020-01-01T00:00:00Z\"}\n{\"order\":\""
            + order.key()
            + "\",\"cancelId\":\"c1\",\"result\":\"CANCELED\"}\n");
    StringWriter err = new StringWriter();
    // When
    int code = cancel(file, err);
    // Then
    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("Nothing was sent");
  }

  private int cancel(Path file, StringWriter err, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "cancel",
                "--config",
                pipeline.stack().configFile().toString(),
                "--file",
                file.toString(),
                "--venue",
                "crosstrade",
                "--account",
                "Sim101"));
    arguments.addAll(List.of(more));
    return Countermand.commandLine()
        .setErr(new PrintWriter(err, true))
        .execute(arguments.toArray(String[]::new));
  }

  /** Whole lines with a result. */
  private static List<JsonNode> results(Path file) throws IOException {
    List<JsonNode> results = new ArrayList<>();
    if (Files.exists(file)) {
      String text = Files.readString(file);
      for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n", -1)) {
        if (line.isEmpty()) {
          continue;
        }
        JsonNode node = new ObjectMapper().readTree(line);
        if (node.hasNonNull("result")) {
          results.add(node);
        }
      }
    }
    return results;
  }
}
