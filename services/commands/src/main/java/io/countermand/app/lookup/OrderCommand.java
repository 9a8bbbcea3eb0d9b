package io.countermand.app.lookup;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.OutcomeText;
import io.countermand.app.cli.TimeArguments;
import io.countermand.app.config.Settings;
import io.countermand.client.EventRecord;
import io.countermand.codec.IntentCodec;
import io.countermand.codec.OrderCodec;
import io.countermand.domain.Intent;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.OrderState;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Topics;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code order}. */
@Command(
    name = "order",
    mixinStandardHelpOptions = true,
    description =
        "Shows what is known of an order: its state and the record that says so, cancels that are"
            + " open, and past outcomes. Exit code 1 if nothing is known.")
public final class OrderCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ConfigOption option = new ConfigOption();

  @Parameters(
      arity = "1..3",
      paramLabel = "KEY|VENUE ACCOUNT ID",
      description = "The order's key as in records (venue/account/orderId), or its three parts.")
  private List<String> order = List.of();

  @Option(
      names = "--from",
      paramLabel = "WHEN",
      description =
          "How far back to look for cancels: a time in UTC or how long ago. Default: 24h.")
  private @Nullable String from;

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  private @Nullable OrderState state;
  private final Map<String, Map<String, @Nullable Object>> open = new LinkedHashMap<>();
  private final List<Answer> outcomes = new ArrayList<>();

  /** An outcome and its line. */
  private record Answer(Map<String, @Nullable Object> fields, String line) {}

  @Override
  public Integer call() {
    if (order.size() == 2 || (order.size() == 1 && !order.getFirst().contains("/"))) {
      throw new ParameterException(
          spec.commandLine(), "an order is venue/account/orderId, or VENUE ACCOUNT ID");
    }
    String key =
        order.size() == 1
            ? order.getFirst()
            : new OrderRef(order.get(0), order.get(1), order.get(2)).key();
    Instant parsed = TimeArguments.parse("--from", from);
    Instant since = parsed == null ? Instant.now().minus(Duration.ofHours(24)) : parsed;
    look(Settings.brief(option.load()), key, since);
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? OutcomeText.write(fields(key)) : text(key));
    return state == null && open.isEmpty() && outcomes.isEmpty() ? 1 : 0;
  }

  private void look(KafkaConnection connection, String key, Instant since) {
    try (EventSerdes serdes = connection.serdes();
        TopicScan scan = new TopicScan(connection)) {
      var states = serdes.decoder(io.countermand.events.OrderState.class);
      scan.key(
          Topics.ORDER_STATES,
          key,
          null,
          record -> {
            var read = record.value() == null ? null : value(states, record);
            state = read == null ? null : OrderCodec.fromAvro(read);
          });
      var intents = serdes.decoder(CancelIntent.class);
      scan.key(Topics.INTENTS, key, since, record -> intent(value(intents, record), record));
      var answers = serdes.decoder(CancelOutcome.class);
      scan.key(Topics.OUTCOMES, key, since, record -> outcome(value(answers, record), record));
    }
  }

  private static <T extends SpecificRecord> @Nullable T value(
      EventDecoder<T> decoder, ConsumerRecord<byte[], byte[]> record) {
    return decoder.decode(record.topic(), record.value()) instanceof Decoded.Ok<T>(T value)
        ? value
        : null;
  }

  private void intent(@Nullable CancelIntent avro, ConsumerRecord<byte[], byte[]> record) {
    if (avro != null) {
      Intent intent = IntentCodec.fromAvro(avro);
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("cancelId", intent.cancelId());
      fields.put("deadline", Objects.toString(intent.deadline(), null));
      fields.put("receivedAt", Instant.ofEpochMilli(record.timestamp()).toString());
      fields.put("at", List.of(record.topic(), record.partition(), record.offset()));
      open.putIfAbsent(intent.cancelId(), fields);
    }
  }

  private void outcome(@Nullable CancelOutcome avro, ConsumerRecord<byte[], byte[]> record) {
    if (avro != null) {
      var read = OutcomeText.read(EventRecord.of(avro, record));
      open.remove(avro.getCancel().getCancelId());
      outcomes.add(new Answer(OutcomeText.fields(read), OutcomeText.line(read)));
    }
  }

  private Map<String, @Nullable Object> fields(String key) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("order", key);
    fields.put("state", state == null ? null : fields(state));
    fields.put("openCancels", List.copyOf(open.values()));
    fields.put("outcomes", outcomes.stream().map(Answer::fields).toList());
    return fields;
  }

  private static Map<String, @Nullable Object> fields(OrderState state) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("ordStatus", state.ordStatus().name());
    fields.put("rawStatus", state.rawStatus());
    fields.put("orderQty", state.orderQty() == null ? null : state.orderQty().toPlainString());
    fields.put("cumQty", state.cumQty() == null ? null : state.cumQty().toPlainString());
    fields.put("venueTime", Objects.toString(state.venueTime(), null));
    fields.put("observedAt", state.observedAt().toString());
    fields.put("disputed", state.disputed());
    Evidence at = state.evidence();
    fields.put("evidence", at == null ? null : List.of(at.topic(), at.partition(), at.offset()));
    return fields;
  }

  private String text(String key) {
    List<String> lines = new ArrayList<>();
    lines.add(key);
    lines.add(
        state == null
            ? "  not in the order-state table: never heard of, or forgotten"
            : "  " + fields(state).toString().replaceAll("[{}]", ""));
    open.values()
        .forEach(each -> lines.add("  open cancel " + each.toString().replaceAll("[{}]", "")));
    outcomes.forEach(each -> lines.add("  outcome " + each.line()));
    return String.join(System.lineSeparator(), lines);
  }
}
