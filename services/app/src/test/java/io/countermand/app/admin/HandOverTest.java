package io.countermand.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.Countermand;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.app.local.LocalStack;
import io.countermand.app.pipeline.InVmStack;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.codec.ProgressCodec;
import io.countermand.desk.Desk;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelProgress;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.client.IntentPublisher;
import io.countermand.kafka.client.OutcomeReader;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.request.CallKind;
import io.countermand.venues.limits.Limits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A venue goes from one group of desks to another while cancels come. Everything of its own. */
@Tag("long")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class HandOverTest {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final String VENUE = "cadenza";
  private static final String OTHER = "crosstrade";
  private static final Pattern WRITTEN = Pattern.compile("partition (\\d+): offset (\\d+)");

  private final List<Intent> intents = new CopyOnWriteArrayList<>();
  private final List<Outcome> outcomes = new ArrayList<>();

  @Test
  void shouldHaveEachIntentCalledByOneOfTheTwo(@TempDir Path data) throws Exception {
    var options =
        new LocalStack.Options(
            data.resolve("stack"),
            0,
            0,
            Map.of(VENUE, VENUE, OTHER, OTHER),
            "1ms",
            true,
            Map.of(
                "COUNTERMAND_HTTP_PORT", "none",
                "COUNTERMAND_TOPICS_PARTITIONS", "2",
                "COUNTERMAND_VENUES_CADENZA_TIMEOUT", "20s", // else a busy one is called again
                "COUNTERMAND_INSTANCE", "first"));
    try (InVmStack stack = InVmStack.start(options);
        var publisher = new IntentPublisher(stack.connection());
        var reader = OutcomeReader.fromBeginning(stack.connection())) {
      var ended = new AtomicBoolean();
      Thread load = Thread.ofVirtual().start(() -> publish(stack, publisher, ended));
      awaitMore();
      // When
      execute(stack, "announce");
      execute(stack, "announce"); // as somebody does who saw no answer
      try (Desk next = second(stack, data)) {
        Awaitility.await("second desk").atMost(PATIENCE).until(next::ready);
        awaitMore();
        assertThat(completeFrom(OTHER, stack)).as("a group that is not").isNotZero();
        haveRead(stack, Set.of(VENUE, OTHER));
        assertThat(completeFrom(OTHER, stack)).as("a group that has not").isNotZero();
        Map<Integer, Long> at = execute(stack, "complete");
        awaitMore();
        ended.set(true);
        load.join();
        // Then
        Awaitility.await("outcomes")
            .atMost(PATIENCE)
            .until(
                () -> {
                  reader.poll(Duration.ofMillis(100)).forEach(read -> outcomes.add(read.outcome()));
                  return outcomes.size() >= intents.size();
                });
        assertThat(outcomes).hasSize(intents.size());
        assertThat(outcomes).allMatch(one -> one.result() == CancelResult.CANCELED);
        assertThat(intents).allMatch(intent -> calls(stack, intent.order()) == 1);
        shouldBeDecidedOnceAndByTheRightOne(stack, at);
      }
    }
  }

  private static long calls(InVmStack stack, OrderRef order) {
    return stack.simulator().journal().calls(order).stream()
        .filter(call -> call.kind() == CallKind.CANCEL)
        .count();
  }

  private void publish(InVmStack stack, IntentPublisher publisher, AtomicBoolean ended) {
    while (!ended.get()) {
      OrderRef order = new OrderRef(VENUE, "Sim101", Pipeline.id());
      stack.simulator().book().place(NewOrder.of(VENUE, "Sim101", order.orderId(), "10"));
      Intent intent = Pipeline.patient(order);
      publisher.publish(intent).toCompletableFuture().join();
      intents.add(intent);
    }
  }

  /** Until some more were published. */
  private void awaitMore() {
    int enough = intents.size() + 150;
    Awaitility.await("load").atMost(PATIENCE).until(() -> intents.size() >= enough);
  }

  private static Desk second(InVmStack stack, Path data) {
    Map<String, String> overrides =
        Map.of(
            "COUNTERMAND_INSTANCE",
            "second",
            "COUNTERMAND_STATE_DIR",
            data.resolve("second").toString());
    Config config = Config.load(Optional.of(stack.configFile()), overrides);
    Clock clock = Clock.systemUTC();
    return Desk.start(
        Settings.desk(config, Set.of(VENUE), new Limits(clock), clock), new SimpleMeterRegistry());
  }

  private static int completeFrom(String besides, InVmStack stack) {
    return Countermand.commandLine()
        .setErr(new PrintWriter(new StringWriter()))
        .execute(
            "hand-over",
            "complete",
            "--venue",
            VENUE,
            "--from",
            VENUE + "," + besides,
            "--to",
            VENUE,
            "--config",
            stack.configFile().toString());
  }

  /** As if desks with these --venues had run before. */
  private static void haveRead(InVmStack stack, Set<String> venues) throws Exception {
    Config config = Config.load(Optional.of(stack.configFile()), Map.of());
    try (Admin admin = Admin.create(stack.connection().admin("test"))) {
      admin
          .alterConsumerGroupOffsets(
              Settings.deskGroup(config, venues),
              Map.of(new TopicPartition(Topics.INTENTS, 0), new OffsetAndMetadata(0)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  /** Returns the offsets of the records, by partition. */
  private static Map<Integer, Long> execute(InVmStack stack, String step) {
    var out = new StringWriter();
    int code =
        Countermand.commandLine()
            .setOut(new PrintWriter(out, true))
            .execute(
                "hand-over",
                step,
                "--venue",
                VENUE,
                "--to",
                VENUE,
                "--config",
                stack.configFile().toString());
    assertThat(code).as(out.toString()).isZero();
    Map<Integer, Long> at = new HashMap<>();
    Matcher written = WRITTEN.matcher(out.toString());
    while (written.find()) {
      at.put(Integer.valueOf(written.group(1)), Long.valueOf(written.group(2)));
    }
    return at;
  }

  private static void shouldBeDecidedOnceAndByTheRightOne(InVmStack stack, Map<Integer, Long> at) {
    Map<Evidence, String> by = new HashMap<>();
    for (int partition : at.keySet()) {
      decided(stack, partition, by);
    }
    assertThat(new HashSet<>(by.values())).containsExactlyInAnyOrder("desk-first", "desk-second");
    by.forEach(
        (intent, desk) ->
            assertThat(desk)
                .as(intent.toString())
                .isEqualTo(
                    intent.offset() < at.getOrDefault(intent.partition(), -1L)
                        ? "desk-first"
                        : "desk-second"));
  }

  private static void decided(InVmStack stack, int partition, Map<Evidence, String> by) {
    var at = new TopicPartition(Topics.PROGRESS, partition);
    try (EventSerdes serdes = stack.connection().serdes();
        var consumer =
            new KafkaConsumer<>(
                stack.connection().consumer("test"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
      var decoder = serdes.decoder(CancelProgress.class);
      consumer.assign(List.of(at));
      consumer.seekToBeginning(List.of(at));
      long end = consumer.endOffsets(List.of(at)).getOrDefault(at, 0L);
      while (consumer.position(at) < end) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          if (decoder.decode(Topics.PROGRESS, record.value())
              instanceof Decoded.Ok<CancelProgress>(CancelProgress value)) {
            var where = new Evidence(Topics.PROGRESS, partition, record.offset());
            for (LedgerEvent.OfCancel event : ProgressCodec.events(value, where)) {
              if (event instanceof LedgerEvent.Decided decided) {
                String other = by.put(decided.cancel().intent(), value.getBy());
                assertThat(other).as("first decision").isNull();
              }
            }
          }
        }
      }
    }
  }
}
