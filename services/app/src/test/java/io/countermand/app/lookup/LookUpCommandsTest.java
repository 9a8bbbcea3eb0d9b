package io.countermand.app.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.app.Countermand;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.domain.order.OrderRef;
import io.countermand.platform.Topics;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.request.CallKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import picocli.CommandLine;

@Tag("pipeline")
@Tag("front") // infra/compose/ci
@ExtendWith(PipelineExtension.class)
class LookUpCommandsTest {

  private final Pipeline pipeline;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  LookUpCommandsTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Test
  void shouldShowAnOrdersStateItsOpenCancelsAndItsOutcomes() throws Exception {
    // Given: a cancel that the venue does not answer while this looks, and one that it has answered
    OrderRef silent = pipeline.place("crosstrade");
    pipeline.awaitTable(silent, state -> true);
    pipeline
        .stack()
        .simulator()
        .faults()
        .add(
            FaultRule.next("crosstrade", 1, new Fault.Delay(Duration.ofMinutes(2)))
                .on(CallKind.CANCEL)
                .forOrder(silent.orderId()));
    var open = Pipeline.patient(silent);
    pipeline.publish(open);
    OrderRef answered = pipeline.place("crosstrade");
    pipeline.cancel(Pipeline.patient(answered));
    // When
    int code = run("order", silent.venue(), silent.account(), silent.orderId(), "--json");
    JsonNode before = json();
    run("order", answered.key(), "--json");
    JsonNode after = json();
    // Then
    assertThat(code).isZero();
    assertThat(before.at("/state/ordStatus").asText()).isEqualTo("NEW");
    assertThat(before.at("/state/evidence/0").asText()).isEqualTo("order-events");
    assertThat(before.at("/openCancels/0/cancelId").asText()).isEqualTo(open.cancelId());
    assertThat(after.at("/openCancels")).isEmpty();
    assertThat(after.at("/outcomes/0/result").asText()).isEqualTo("CANCELED");
  }

  @Test
  void shouldSayThatNothingIsKnown() {
    assertThat(run("order", "crosstrade/Sim101/none")).isEqualTo(1);
    assertThat(out.toString()).contains("never heard of");
    assertThat(run("order", "crosstrade", "Sim101")).isEqualTo(CommandLine.ExitCode.USAGE);
  }

  @Test
  void shouldSendADeadLetterOnceMoreWithWhoAndWhy() throws Exception {
    // Given
    byte[] value = ("no intent " + Pipeline.id()).getBytes(StandardCharsets.UTF_8);
    RecordMetadata at =
        pipeline.publish("crosstrade/Sim101/x".getBytes(StandardCharsets.UTF_8), value);
    pipeline.awaitDeadLetter(at);
    String source = at.topic() + "-" + at.partition() + "@" + at.offset();
    run("dead-letters", "list", "--topic", "cancel-intents");
    assertThat(out.toString()).contains(source);
    // When
    int code = run("dead-letters", "requeue", source, "--why", "schema is registered now");
    // Then: it stands in its topic again, as it was, and says who sent it
    assertThat(code).as("%s", err).isZero();
    var again =
        pipeline.read(Topics.INTENTS).stream()
            .filter(record -> java.util.Arrays.equals(record.value(), value))
            .toList();
    assertThat(again).hasSize(2);
    assertThat(header(again.getLast(), DeadLetterBox.WHY)).isEqualTo("schema is registered now");
    assertThat(header(again.getLast(), DeadLetterBox.BY))
        .isEqualTo(System.getProperty("user.name"));
    assertThat(again.getLast().key()).isEqualTo(again.getFirst().key());
    assertThat(run("dead-letters", "show", "dead-letters-0@999999999"))
        .isEqualTo(CommandLine.ExitCode.USAGE);
  }

  private static String header(
      org.apache.kafka.clients.consumer.ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private JsonNode json() throws Exception {
    return new ObjectMapper().readTree(out.toString());
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--config", pipeline.stack().configFile().toString()));
    return Countermand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }
}
