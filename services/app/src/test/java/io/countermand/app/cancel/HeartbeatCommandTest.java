package io.countermand.app.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.Countermand;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.Heartbeat;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class HeartbeatCommandTest {

  private final Pipeline pipeline;
  private final String account = "Beat" + Pipeline.id().substring(0, 8);
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  HeartbeatCommandTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @BeforeEach
  void ready() {
    pipeline.stack().awaitReady();
  }

  @Test
  void shouldSendOneAndTakeItOff() {
    // When
    int armed = run("--id", account, "--account", account, "--timeout", "24h");
    int off = run("--id", account, "--off", "--json");
    // Then
    assertThat(armed).as("%s", err).isZero();
    assertThat(off).as("%s", err).isZero();
    assertThat(out.toString())
        .contains("dead-man's switch " + account + " (account " + account + ") fires unless")
        .contains("\"switchId\":\"" + account + "\",\"timeoutMillis\":0,\"at\":[\"heartbeats\",0,");
    awaitLast(0);
    assertThat(words()).extracting(Heartbeat::getTimeoutMillis).containsExactly(86_400_000L, 0L);
  }

  @Test
  void shouldGuardACommandAndTakeTheSwitchOffWhenItEndsWell() {
    int code = run("--id", account, "--account", account, "--every", "100ms", "--", "sleep", "5");

    assertThat(code).as("%s", err).isZero();
    awaitLast(0);
    assertThat(words()).hasSizeGreaterThan(2);
  }

  @Test
  void shouldLetTheSwitchFireWhenTheCommandFails() {
    // Given
    OrderRef order = place();
    // When
    int code =
        run("--id", account, "--account", account, "--timeout", "1s", "--", "sh", "-c", "exit 7");
    // Then
    assertThat(code).isEqualTo(7);
    assertThat(err.toString()).contains("COMMAND ended with 7", "will fire");
    awaitCall(order);
    assertThat(words()).allMatch(word -> word.getTimeoutMillis() == 1000);
  }

  @Test
  void shouldSayWhatIsWrongAndDoNothing() {
    assertThat(run("--id", account)).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(run("--id", account, "--all", "--timeout", "500ms"))
        .isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(run("--id", account, "--all", "--timeout", "5s", "--every", "3s", "--", "true"))
        .isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(run("--id", account, "--off", "--", "true")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString())
        .contains(
            "the scope is empty", "--timeout takes a duration of 1s to 1d", "--every", "--off");
    assertThat(words()).isEmpty();
  }

  @Test
  @Tag("long")
  void shouldFireWhenTheGuardIsKilled(@TempDir Path directory) throws Exception {
    // Given
    OrderRef order = place();
    Process guard =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.countermand.app.Countermand",
                "heartbeat",
                "--config",
                pipeline.stack().configFile().toString(),
                "--id",
                account,
                "--account",
                account,
                "--timeout",
                "10s",
                "--every",
                "200ms",
                "--",
                "sleep",
                "60")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("guard.log").toFile())
            .start();
    List<ProcessHandle> children;
    try {
      Awaitility.await("it beats")
          .atMost(Duration.ofSeconds(90))
          .until(() -> !guard.isAlive() || words().size() > 55); // for longer than the time-out
      assertThat(guard.isAlive()).as("%s", directory.resolve("guard.log")).isTrue();
      children = guard.descendants().toList();
      assertThat(pipeline.cancelCalls(order)).isEmpty();
    } finally {
      // When
      guard.destroyForcibly().waitFor();
    }
    // Then
    children.forEach(ProcessHandle::destroyForcibly);
    awaitCall(order);
    Instant last = Instant.ofEpochMilli(appended().getLast());
    Duration took = Duration.between(last, pipeline.cancelCalls(order).getFirst().received().at());
    System.out.println("called " + took.toMillis() + " ms after the last heartbeat, time-out 10 s");
    assertThat(took).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
  }

  private int run(String... arguments) {
    List<String> all =
        new ArrayList<>(List.of("heartbeat", "--config", pipeline.stack().configFile().toString()));
    all.addAll(List.of(arguments));
    return Countermand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  private OrderRef place() {
    OrderRef order = new OrderRef("cadenza", account, Pipeline.orderId("cadenza"));
    pipeline
        .stack()
        .simulator()
        .book()
        .place(NewOrder.of(order.venue(), order.account(), order.orderId(), "10"));
    pipeline.awaitTable(order, _ -> true);
    return order;
  }

  private void awaitCall(OrderRef order) {
    Awaitility.await("call of " + order)
        .atMost(Duration.ofSeconds(60))
        .until(() -> !pipeline.cancelCalls(order).isEmpty());
  }

  /** What was sent under the name of the account. */
  /** A tick's transaction that is open hides what was written behind it. */
  private void awaitLast(long timeoutMillis) {
    Awaitility.await("the last heartbeat")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> assertThat(words()).last().returns(timeoutMillis, Heartbeat::getTimeoutMillis));
  }

  private List<Heartbeat> words() {
    return mine().stream()
        .map(record -> pipeline.decode(record, Heartbeat.class))
        .filter(word -> word.getNotice() == null)
        .toList();
  }

  private List<Long> appended() {
    return mine().stream()
        .filter(record -> pipeline.decode(record, Heartbeat.class).getNotice() == null)
        .map(ConsumerRecord::timestamp)
        .toList();
  }

  private List<ConsumerRecord<byte[], byte[]>> mine() {
    return pipeline.read(Topics.HEARTBEATS).stream()
        .filter(
            record ->
                record.key() != null
                    && account.equals(new String(record.key(), StandardCharsets.UTF_8)))
        .toList();
  }
}
