package io.countermand.app.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.app.Countermand;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.domain.Intent;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.OrdStatus;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.request.CallKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  /** Those that a filter must keep out come before, or there would be nothing to keep out. */
  @Test
  void shouldFollowOnlyTheOutcomesThatAreAskedFor() throws Exception {
    // Given: an order with two outcomes, and another one of the same id elsewhere
    OrderRef order = pipeline.place("crosstrade");
    Intent first = Pipeline.patient(order);
    pipeline.cancel(first);
    pipeline.awaitTable(order, state -> state.getOrdStatus() == OrdStatus.CANCELED);
    Intent second = Pipeline.patient(order);
    pipeline.cancel(second);
    var elsewhere = new OrderRef("cadenza", "Watched", order.orderId());
    pipeline.stack().simulator().book().place(place(elsewhere));
    Intent third = Pipeline.patient(elsewhere);
    pipeline.cancel(third);
    // When, then
    assertThat(watched(order, "--result", "REJECTED")).isEqualTo(second.cancelId());
    assertThat(watched(order, "--reason", "ORDER_CANCELED")).isEqualTo(second.cancelId());
    assertThat(watched(order, "--cancel-id", second.cancelId())).isEqualTo(second.cancelId());
    assertThat(watched(order, "--venue", order.venue())).isEqualTo(first.cancelId());
    assertThat(watched(order, "--venue", elsewhere.venue())).isEqualTo(third.cancelId());
    assertThat(watched(order, "--account", order.account())).isEqualTo(first.cancelId());
    assertThat(watched(order, "--account", elsewhere.account())).isEqualTo(third.cancelId());
  }

  /** The cancelId of the first that it shows. */
  private String watched(OrderRef order, String... filter) throws Exception {
    List<String> all = new ArrayList<>(List.of("watch", "--json", "--from", "beginning"));
    all.addAll(List.of("--most", "1", "--order-id", order.orderId()));
    all.addAll(List.of(filter));
    assertThat(run(all.toArray(String[]::new))).isZero();
    return json().path("cancelId").asText();
  }

  private static NewOrder place(OrderRef order) {
    return NewOrder.of(order.venue(), order.account(), order.orderId(), "10");
  }

  @Test
  void shouldSendNoMoreDeadLettersASecondThanItMay() throws Exception {
    // Given
    List<String> places = new ArrayList<>(List.of("dead-letters", "requeue"));
    Set<String> values = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      String value = "no intent " + Pipeline.id();
      values.add(value);
      RecordMetadata at =
          pipeline.publish(
              "crosstrade/Sim101/x".getBytes(StandardCharsets.UTF_8),
              value.getBytes(StandardCharsets.UTF_8));
      pipeline.awaitDeadLetter(at);
      places.add(at.topic() + "-" + at.partition() + "@" + at.offset());
    }
    places.addAll(List.of("--why", "test", "--rate", "2"));
    // When
    int code = run(places.toArray(String[]::new));
    // Then: three, with half a second between two of them
    assertThat(code).as("%s", err).isZero();
    List<Long> sent =
        pipeline.read(Topics.INTENTS).stream()
            .filter(each -> each.headers().lastHeader(DeadLetterBox.WHY) != null)
            .filter(each -> values.contains(new String(each.value(), StandardCharsets.UTF_8)))
            .map(each -> each.timestamp())
            .sorted()
            .toList();
    assertThat(sent).hasSize(3);
    assertThat(sent.getLast() - sent.getFirst()).as("milliseconds").isGreaterThanOrEqualTo(900);
    assertThat(run("dead-letters", "requeue", places.get(2), "--why", "test", "--rate", "0"))
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
