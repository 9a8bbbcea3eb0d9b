package io.countermand.app.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.Countermand;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import picocli.CommandLine;

/** Other tests' switches may be in the list, too. */
@Tag("pipeline")
@Tag("front") // infra/compose/ci
@ExtendWith(PipelineExtension.class)
class HeartbeatListTest {

  private final Pipeline pipeline;
  private final String id = "List" + Pipeline.id().substring(0, 8);
  private final StringWriter err = new StringWriter();

  HeartbeatListTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @BeforeEach
  void ready() {
    pipeline.stack().awaitReady();
  }

  @Test
  void shouldShowWhatIsArmedAndWhatBecameOfTheOthersIfAsked() {
    // Given
    String armed = id + "-armed";
    String fires = id + "-fires";
    String off = id + "-off";
    run("--id", armed, "--account", id, "--timeout", "24h", "--reason", "drill", "--by", "jane");
    Instant begin = Instant.now();
    run("--id", off, "--account", id, "--timeout", "24h");
    run("--id", off, "--off");
    run("--id", fires, "--account", id, "--timeout", "1s");
    try {
      // When
      Awaitility.await("it has fired")
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(run("list", "--all"))
                      .contains("FIRED dead-man's switch " + fires, "countermand story deadman-"));
      // Then
      assertThat(run("list"))
          .contains("ARMED dead-man's switch " + armed + " (account " + id + "): last heartbeat ")
          .contains("by jane; fires unless it is heard by ", ": drill", "read from ")
          .doesNotContain(fires, off, "NOBODY");
      assertThat(run("list", "--all")).contains("OFF dead-man's switch " + off);
      assertThat(run("list", "--json").lines())
          .allMatch(line -> line.startsWith("{\"switchId\":"))
          .filteredOn(line -> line.contains(id))
          .singleElement()
          .asString()
          .contains(
              "\"switchId\":\"" + armed + "\",\"state\":\"ARMED\",\"scope\":\"account " + id + "\"")
          .contains("\"timeoutMillis\":86400000", "\"by\":\"jane\",\"reason\":\"drill\"")
          .contains("\"firesAt\":\"", "\"firedAt\":null");
      // and back to the middle of the second or more that the fire took
      Instant middle = begin.plus(Duration.between(begin, Instant.now()).dividedBy(2));
      run("--id", off, "--account", id, "--timeout", "24h");
      Awaitility.await() // a pause between the two lines moves what is meant
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                String back = Duration.between(middle, Instant.now()).toMillis() + "ms";
                assertThat(run("list", "--back", back)).contains(off).doesNotContain(armed);
              });
    } finally {
      run("--id", armed, "--off");
      run("--id", off, "--off");
    }
  }

  @Test
  void shouldSayWhatIsWrong() {
    assertThat(code(new StringWriter(), "list", "--back", "0s"))
        .isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(code(new StringWriter(), "--account", id)).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString())
        .contains("--back takes a duration of 1ms or more", "--id: say which switch");
  }

  private String run(String... arguments) {
    var out = new StringWriter();
    assertThat(code(out, arguments)).as("%s", err).isZero();
    return out.toString();
  }

  private int code(StringWriter out, String... arguments) {
    List<String> all = new ArrayList<>(List.of("heartbeat"));
    if (arguments[0].equals("list")) {
      all.add("list");
    }
    all.addAll(List.of("--config", pipeline.stack().configFile().toString()));
    all.addAll(List.of(arguments).subList(arguments[0].equals("list") ? 1 : 0, arguments.length));
    return Countermand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }
}
