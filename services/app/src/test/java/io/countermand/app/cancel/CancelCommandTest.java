package io.countermand.app.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.app.Countermand;
import io.countermand.app.cli.ExitCodes;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.request.CallKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import picocli.CommandLine;

@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class CancelCommandTest {

  private static final String VENUE = "crosstrade";

  private final Pipeline pipeline;

  CancelCommandTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  /** One terminal. */
  private final class Run {
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    int cancel(OrderRef order, String... more) {
      List<String> args =
          new ArrayList<>(
              List.of(
                  "cancel",
                  "--config",
                  pipeline.stack().configFile().toString(),
                  "--venue",
                  order.venue(),
                  "--account",
                  order.account(),
                  "--order-id",
                  order.orderId(),
                  "--within",
                  "60s"));
      args.addAll(List.of(more));
      return Countermand.commandLine()
          .setOut(new PrintWriter(out, true))
          .setErr(new PrintWriter(err, true))
          .execute(args.toArray(String[]::new));
    }
  }

  @Test
  void shouldShowTheKnownOutcomeOfAnIdThatIsSettled() {
    // Given
    OrderRef order = pipeline.place(VENUE);
    String id = Pipeline.id();
    Run first = new Run();
    assertThat(first.cancel(order, "--cancel-id", id, "--wait")).as("%s", first.err).isZero();
    // When: again; nothing new will come, and what is known is shown at once
    Run again = new Run();
    int code = again.cancel(order, "--cancel-id", id, "--wait");
    // Then
    assertThat(again.out.toString()).isEqualTo(first.out.toString()).contains("CANCELED");
    assertThat(code).isZero();
    assertThat(pipeline.outcomesOf(id)).hasSize(1);
  }

  @Test
  void shouldSayThatTheIdStoodForAnotherRequest() {
    // Given
    OrderRef order = pipeline.place(VENUE);
    String id = Pipeline.id();
    assertThat(new Run().cancel(order, "--cancel-id", id, "--wait")).isZero();
    // When
    Run other = new Run();
    int code = other.cancel(order, "--cancel-id", id, "--wait", "--override");
    // Then
    assertThat(code).isEqualTo(1);
    assertThat(other.out.toString()).contains("CANCELED");
    assertThat(other.err.toString()).contains("another request", "dead-letters");
  }

  @Test
  void shouldWaitForItsOwnOrderWhereTwoHaveTheSameCancelId() {
    // Given: one id for two orders, of which one is answered later
    OrderRef open = pipeline.place(VENUE);
    OrderRef other = pipeline.place(VENUE);
    pipeline
        .stack()
        .simulator()
        .faults()
        .add(
            FaultRule.next(VENUE, 1, new Fault.Delay(Duration.ofSeconds(2)))
                .on(CallKind.CANCEL)
                .forOrder(other.orderId()));
    String id = Pipeline.id();
    Run slow = new Run();
    var code =
        CompletableFuture.supplyAsync(
            () -> slow.cancel(other, "--cancel-id", id, "--wait", "--json"));
    Awaitility.await("published")
        .atMost(Duration.ofSeconds(60))
        .until(() -> slow.err.toString().contains("published"));
    // When
    Run quick = new Run();
    int quickCode = quick.cancel(open, "--cancel-id", id, "--wait");
    // Then
    assertThat(quickCode).isZero();
    assertThat(quick.out.toString()).contains(open.key(), "CANCELED");
    assertThat(code.join()).isZero();
    assertThat(slow.out.toString()).contains(other.orderId()).doesNotContain(open.orderId());
  }

  @Test
  void shouldPrintJsonAlsoWithoutWaiting() throws Exception {
    // Given
    OrderRef order = pipeline.place(VENUE);
    String id = Pipeline.id();
    // When
    Run run = new Run();
    int code = run.cancel(order, "--cancel-id", id, "--json");
    Run again = new Run();
    int waited = again.cancel(order, "--cancel-id", id, "--json", "--wait");
    // Then
    JsonNode published = new ObjectMapper().readTree(run.out.toString());
    assertThat(published.path("cancelId").asText()).isEqualTo(id);
    assertThat(published.path("at").path(0).asText()).isEqualTo("cancel-intents");
    assertThat(new ObjectMapper().readTree(again.out.toString()).path("result").asText())
        .isEqualTo("CANCELED");
    assertThat(List.of(code, waited)).containsOnly(0);
  }

  @Test
  void shouldTellARejectionByItsExitCode() {
    // Given: an order that the venue does not know
    OrderRef order = new OrderRef(VENUE, "Sim101", Pipeline.id());
    // When
    Run run = new Run();
    int code = run.cancel(order, "--wait", "--json", "--automated");
    // Then
    assertThat(run.out.toString()).contains("\"result\":\"REJECTED\"");
    assertThat(code).as("%s", run.err).isEqualTo(ExitCodes.REJECTED);
  }

  @Test
  void shouldPublishNothingForAVenueThatIsNotConfigured() {
    Run run = new Run();
    int code = run.cancel(new OrderRef("crosstade", "Sim101", "1"), "--wait");
    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(run.err.toString())
        .contains("crosstade", "crosstrade")
        .doesNotContain("cancel-intents-");
  }

  @Test
  void shouldNotPublishWhatCannotBeAnswered() {
    // When
    Run run = new Run();
    int code = run.cancel(new OrderRef(VENUE, "Sim101", "1"), "--cancel-id", "x".repeat(129));
    // Then
    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(run.err.toString())
        .contains("cancelId must have 1 to 128")
        .doesNotContain("cancel-intents-");
  }
}
