package io.countermand.app.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.Countermand;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.order.OrderRef;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import picocli.CommandLine;

/** An operator's word on a venue, in every process; the last one holds. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class OperatorPauseTest {

  private static final String VENUE = "neuratrade";
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Pipeline pipeline;
  private final OpsClient client = new OpsClient();

  OperatorPauseTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @AfterEach
  void close() {
    run("resume", VENUE);
    client.close();
  }

  @Test
  void shouldMakeNoCallWhilePausedAndGoOnWhenResumed() {
    // Given
    OrderRef order = pipeline.place(VENUE);
    OrderRef late = pipeline.place(VENUE);

    // When
    int code = run("pause", VENUE, "--reason", "maintenance of ours");
    awaitPaused(1);
    Outcome outcome = waitsInVain(late);
    var waits = Pipeline.patient(order);
    pipeline.publish(waits);
    pipeline.cancel(Pipeline.patient(pipeline.place("cadenza")));
    int calls = pipeline.cancelCalls(order).size();
    run("pause", VENUE, "--until", "2h");
    int lifted = run("resume", VENUE);

    // Then
    assertThat(code).isZero();
    assertThat(outcome.result()).isEqualTo(CancelResult.REJECTED);
    assertThat(outcome.reason()).isEqualTo(Reason.VENUE_UNAVAILABLE);
    assertThat(outcome.text()).contains("maintenance of ours");
    assertThat(pipeline.cancelCalls(late)).isEmpty();
    assertThat(calls).isZero();
    assertThat(lifted).isZero();
    assertThat(pipeline.await(waits.cancelId()).result()).isEqualTo(CancelResult.CANCELED);
    awaitPaused(0);
  }

  /** Again, with more time, where its deadline had passed before the desk read it. */
  private Outcome waitsInVain(OrderRef order) {
    Duration time = Duration.ofSeconds(2);
    Outcome outcome = pipeline.cancel(Pipeline.within(order, time));
    while (outcome.reason() == Reason.DEADLINE_PASSED && time.compareTo(LONG) < 0) {
      time = time.multipliedBy(2);
      outcome = pipeline.cancel(Pipeline.within(order, time));
    }
    return outcome;
  }

  @Test
  void shouldRefuseAVenueThatIsNotThereAndATimeThatIsOver() {
    assertThat(run("pause", "nowhere")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(run("pause", VENUE, "--until", "2020-01-01T00:00:00Z"))
        .isEqualTo(CommandLine.ExitCode.USAGE);
  }

  private void awaitPaused(int paused) {
    Awaitility.await("paused: " + paused)
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              double sum = 0;
              for (int port : pipeline.stack().opsPorts()) {
                sum +=
                    Scrape.of(client.get(port, "/metrics").body())
                        .sum("countermand_desk_paused", "venue", VENUE, "cause", "operator");
              }
              assertThat(sum).isEqualTo(paused);
            });
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("venues"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("-c", pipeline.stack().configFile().toString()));
    return Countermand.commandLine()
        .setOut(new PrintWriter(new StringWriter()))
        .setErr(new PrintWriter(new StringWriter()))
        .execute(all.toArray(String[]::new));
  }
}
