package io.countermand.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Countermand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "demo",
        "up",
        "desk",
        "ledger",
        "simulate",
        "topics",
        "topics apply",
        "feed",
        "chaos",
        "drill",
        "bench",
        "roles",
        "histories",
        "schemas",
        "schemas register",
        "schemas check",
        "cancel",
        "kill",
        "heartbeat",
        "watch",
        "order",
        "dead-letters",
        "dead-letters list",
        "dead-letters show",
        "dead-letters requeue",
        "venues",
        "config",
        "doctor",
        "completion"
      })
  void shouldExplainEveryCommand(String command) {
    String[] args = (command + " --help").strip().split(" ");
    assertThat(run(args)).isEqualTo(CommandLine.ExitCode.OK);
    assertThat(out.toString()).startsWith("Usage: countermand");
  }

  @Test
  void shouldSayThatThereIsNoSuchCommand() {
    assertThat(run("cancle")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("cancel");
  }

  @ParameterizedTest
  @CsvSource({
    "kill --acount Sim101, there is no option --acount; did you mean --account?, countermand kill",
    "kill release m --reson x, there is no option --reson; did you mean --reason?,"
        + " countermand kill release",
    "audit --nothing-like-it, there is no option --nothing-like-it, countermand audit",
    "cancle --wait, there is no command cancle; did you mean cancel?, countermand",
    "kill relase m, there is no command relase; did you mean release?, countermand kill",
    "cancel --venue v --order-id 1, Missing: --account=A, countermand cancel",
    "cancel --within 500ms, --within takes a duration of 1s or more, countermand cancel",
    "kill --all --reason x --within 60, not '60', countermand kill",
    "heartbeat --id a --all --timeout 2d, --timeout takes a duration of 1s to 1d,"
        + " countermand heartbeat",
    "heartbeat --id a --all --every 3s, --every takes a duration of 1ms to 2500ms,"
        + " countermand heartbeat",
    "heartbeat list --back 999999999999d, --back takes a duration of 1ms to 3650d,"
        + " countermand heartbeat list",
    "kill --all --reason x --within 999999999999d, of 1s to 3650d, countermand kill",
    "drill --faults lost-answer=10%, did you mean lost-answers?, countermand drill",
    "drill --venues nowhere, no venue 'nowhere' to simulate, countermand drill",
    "drill --orders 0, --orders takes 1 to 100, countermand drill",
    "drill --rates fast, --rates, countermand drill",
    "drill --report drill.pdf, the name ends with .html, countermand drill",
    "drill --account Sim9, no order of this drill is of account Sim9, countermand drill",
    "drill --all --account Sim101, the scope says all and something else, countermand drill",
    "drill --within 0s, --within takes a duration of 1s to 12h, countermand drill",
    "completion fish, but was 'fish', countermand completion",
    "heartbeat list --back 0s, --back takes a duration of 1ms or more, countermand heartbeat list"
  })
  void shouldSayInTwoLinesWhatIsWrongWithACall(String call, String wrong, String command) {
    assertThat(run(call.split(" "))).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString().lines())
        .hasSize(2)
        .satisfiesExactly(
            line -> assertThat(line).startsWith("countermand: ").contains(wrong),
            line -> assertThat(line).isEqualTo("  `" + command + " --help` says what it takes"));
    assertThat(err.toString()).doesNotContain("--venue=");
  }

  @Test
  void shouldTakeNoValueForAnOption() {
    assertThat(run("kill", "--reason", "-5% limit", "--all", "--within", "60"))
        .isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(run("cancel", "--venue", "v", "--order-id", "-1"))
        .isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("--within takes").doesNotContain("there is no option");
  }

  @Test
  void shouldNameTheCommandsWhereNoneIsNamed() {
    assertThat(run()).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).startsWith("Usage: countermand").contains("dead-letters");
  }

  @Test
  void shouldNameAllProblemsOfTheConfigurationAtOnce() throws IOException {
    // Given
    Path file =
        Files.writeString(
            directory.resolve("c.yaml"),
            """
            kafka:
              bootstrap-server: localhost:9092
            topics:
              partitions: many
            """);
    // When
    int code = run("desk", "--config", file.toString());
    // Then
    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString())
        .contains("kafka.bootstrap-server", "kafka.bootstrap-servers", "topics.partitions", "many");
  }

  @Test
  void shouldCallNothingFineThatARoleRefuses() throws IOException {
    // Given: settings that only the adapters know to be wrong, two of them
    Path secret = Files.writeString(directory.resolve("secret"), "a;b");
    Path file =
        Files.writeString(
            directory.resolve("c.yaml"),
            """
            kafka:
              bootstrap-servers: localhost:9092
            registry:
              url: http://localhost:8081
            venues:
              ws:
                adapter: crosstrade-ws
                credentials: {token: {file: "%s"}}
                options: {ping-interval: PT9H}
              hook:
                adapter: crosstrade-webhook
                credentials: {key: {file: "%s"}}
            """
                .formatted(secret, secret));
    // When
    int code = run("config", "check", "--config", file.toString());
    // Then
    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString())
        .contains("venues.ws", "ping-interval", "venues.hook", "credential 'key'")
        .doesNotContain("a;b");
  }

  @Test
  void shouldSayThatAScopeIsEmptyBeforeItAsksAnybody() {
    assertThat(run("kill", "--reason", "x")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("the scope is empty");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kill list",
        "kill release m --reason x",
        "kill --account a --reason x --yes",
        "heartbeat list",
        "order crosstrade/Sim101/42",
        "watch",
        "replay --to-topic again",
        "heartbeat --id a --venue crosstrade"
      })
  void shouldSayInOneLineThatKafkaOrTheRegistryIsAway(String command) throws IOException {
    // Given: nothing listens there
    Path file =
        Files.writeString(
            directory.resolve("c.yaml"),
            """
            kafka:
              bootstrap-servers: 127.0.0.1:1
              properties: {default.api.timeout.ms: 500, request.timeout.ms: 400}
            registry:
              url: http://127.0.0.1:2
            """);
    // When
    int code = run((command + " --config " + file).split(" "));
    // Then
    assertThat(code).isEqualTo(CommandLine.ExitCode.SOFTWARE);
    assertThat(err.toString())
        .contains("127.0.0.1:1", "countermand doctor")
        .doesNotContain("Exception");
  }

  @Test
  void shouldCallNothingFineWhereNoFileWasNamed() {
    assertThat(run("config", "check")).isEqualTo(CommandLine.ExitCode.OK);
    assertThat(out.toString()).contains("no --config");
  }

  @Test
  void shouldSayThatAFileIsMissing() {
    assertThat(run("demo", "--market", directory.resolve("none.csv").toString()))
        .isEqualTo(CommandLine.ExitCode.SOFTWARE);
    assertThat(err.toString()).contains("none.csv").doesNotContain("Exception in");
  }

  @Test
  void shouldNotEmptyADirectoryThatNoDemoMade() throws IOException {
    // Given
    Path precious = Files.writeString(directory.resolve("precious"), "x");
    // When
    int code = run("demo", "--data", directory.toString());
    // Then
    assertThat(code).isEqualTo(CommandLine.ExitCode.SOFTWARE);
    assertThat(precious).exists();
  }
}
