package io.countermand.app.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.countermand.client.IntentPublisher;
import io.countermand.client.OutcomeReader;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Topics;
import io.countermand.simulator.Simulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Lets a flow run through a pipeline and counts what comes out. */
public final class Demo {

  /** The default deadline, the time for late answers, and some for the ledger's commit. */
  private static final Duration LAST_OUTCOME = Duration.ofSeconds(75);

  private static final int WARM_UP = 300;
  private static final double WARM_UP_RATE = 100;

  private Demo() {}

  /** A flow that may be run. */
  public record Prepared(Flow flow) {}

  public static Prepared generated(
      int intents, double rate, long seed, Map<String, String> venues) {
    return new Prepared(GeneratedFlow.make(intents, rate, seed, venues(venues)));
  }

  /**
   * @throws IllegalArgumentException if the file is missing or no LOBSTER message file
   */
  public static Prepared market(Path file, double speed, Map<String, String> venues) {
    try {
      return new Prepared(MarketFlow.read(file, speed, venues(venues)));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "market file " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** A flow to warm a fresh JVM up with; what becomes of it is counted nowhere. */
  public static Prepared warmUp(Map<String, String> venues) {
    return new Prepared(GeneratedFlow.warmUp(WARM_UP, WARM_UP_RATE, venues(venues)));
  }

  private static List<DemoVenue> venues(Map<String, String> venues) {
    return venues.entrySet().stream()
        .map(entry -> new DemoVenue(entry.getKey(), entry.getValue()))
        .toList();
  }

  /**
   * Returns when every intent has its outcome, or none can come any more.
   *
   * @param first hears of the first outcome
   * @param line hears what stays on the screen
   * @param progress hears the present state, often
   * @param stop ends the wait early
   */
  public static Report run(
      Prepared prepared,
      KafkaConnection connection,
      Simulator simulator,
      Consumer<OutcomeReader.Read> first,
      Consumer<String> line,
      Consumer<String> progress,
      BooleanSupplier stop)
      throws InterruptedException {
    Flow flow = prepared.flow();
    long deadBefore = deadLetters(connection);
    try (var tally = new Tally(OutcomeReader.fromNow(connection), first);
        var publisher = new IntentPublisher(connection)) {
      var player = new FlowPlayer(simulator.book(), publisher, tally);
      line.accept(
          String.format(
              Locale.ROOT,
              "flow: %s; %,d intents in %.1f s",
              flow.name(),
              flow.answerable(),
              flow.length().toMillis() / 1000.0));
      Runnable show =
          () ->
              progress.accept(
                  String.format(
                      Locale.ROOT,
                      "published %,d of %,d intents, answered %,d",
                      tally.expected(),
                      flow.answerable(),
                      tally.answered()));
      player.play(flow, show);
      if (!stop.getAsBoolean()) {
        boolean _ = tally.await(LAST_OUTCOME, show);
        Thread.sleep(500); // a duplicate, if there is one, follows soon
      }
      if (player.failed() > 0) {
        line.accept(player.failed() + " records could not be published");
      }
      return Report.of(
          flow, tally, player, simulator.journal(), deadLetters(connection) - deadBefore);
    }
  }

  /** Records on the dead-letter topic, as the broker counts them. */
  private static long deadLetters(KafkaConnection connection) {
    try (var consumer =
        new KafkaConsumer<>(
            connection.consumer("dead-letters"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.DEAD_LETTERS).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      return consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
    }
  }

  public static String json(Report report) {
    try {
      return new ObjectMapper()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .writeValueAsString(report)
          + "\n";
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
