package io.countermand.app.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.client.IntentPublisher;
import io.countermand.kafka.client.OutcomeReader;
import io.countermand.platform.Topics;
import io.countermand.simulator.Simulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Lets a flow run through a pipeline and counts what comes out. */
public final class Demo {

  /** Ids that are named at once when outcomes are missing. */
  private static final int MOST_NAMED = 20;

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
   * What hears of a run.
   *
   * @param first the first outcome
   * @param line what stays on the screen
   * @param picture the present state, often: a line that says all, then a table
   * @param stop ends the wait early
   */
  public record Screen(
      Consumer<OutcomeReader.Read> first,
      Consumer<String> line,
      Consumer<List<String>> picture,
      BooleanSupplier stop) {}

  /**
   * Returns when every intent has its outcome, or none can come any more; says which are missing as
   * soon as that is certain.
   *
   * @param within from publishing until an outcome must be there: the default deadline, the time
   *     for late answers, and some for the outcome's way
   */
  public static DemoReport run(
      Prepared prepared,
      KafkaConnection connection,
      Simulator simulator,
      Duration within,
      Screen screen)
      throws InterruptedException {
    Flow flow = prepared.flow();
    long deadBefore = deadLetters(connection);
    var awaited = new AwaitedOutcomes(within);
    var picture = new VenueProgress();
    var begun = new AtomicBoolean();
    Consumer<OutcomeReader.Read> answered =
        read -> {
          picture.answered(read);
          if (begun.compareAndSet(false, true)) {
            screen.first().accept(read);
          }
        };
    try (var tally = new OutcomeCounts(OutcomeReader.fromNow(connection), answered);
        var publisher = new IntentPublisher(connection)) {
      var player =
          new FlowPlayer(simulator.book(), simulator.faults(), publisher, tally, awaited, picture);
      screen
          .line()
          .accept(
              String.format(
                  Locale.ROOT,
                  "flow: %s; %,d intents in %.1f s",
                  flow.name(),
                  flow.answerable(),
                  flow.length().toMillis() / 1000.0));
      var missing = new MissingLines(awaited, tally, screen.line());
      Runnable show =
          () -> {
            Instant now = Instant.now();
            List<String> lines = new ArrayList<>(picture.draw(flow.answerable(), now));
            String waits =
                player.done()
                    ? AwaitedOutcomes.words(awaited.open(tally::answered, now), now)
                    : null;
            if (waits != null) {
              lines.set(0, lines.getFirst() + "; " + waits);
            }
            missing.look(now);
            screen.picture().accept(lines);
          };
      player.play(flow, show);
      while (!screen.stop().getAsBoolean()
          && !awaited.open(tally::answered, Instant.now()).isEmpty()) {
        show.run();
        Thread.sleep(50);
      }
      if (!screen.stop().getAsBoolean()) {
        Thread.sleep(500); // a duplicate, if there is one, follows soon
        missing.look(Instant.now());
      }
      if (player.failed() > 0) {
        screen.line().accept(player.failed() + " records could not be published");
      }
      return DemoReport.of(
          flow, tally, player, simulator.journal(), deadLetters(connection) - deadBefore);
    }
  }

  /** Says once of each outcome that it is missing. */
  private static final class MissingLines {

    private final AwaitedOutcomes awaited;
    private final OutcomeCounts tally;
    private final Consumer<String> line;
    private final Set<String> told = new HashSet<>();

    MissingLines(AwaitedOutcomes awaited, OutcomeCounts tally, Consumer<String> line) {
      this.awaited = awaited;
      this.tally = tally;
      this.line = line;
    }

    void look(Instant now) {
      for (AwaitedOutcomes.Wait wait : awaited.missing(tally::answered, now)) {
        if (told.size() < MOST_NAMED && told.add(wait.cancelId())) {
          line.accept(
              "MISSING: no outcome of %s at %s, and none can come after its deadline and grace"
                  .formatted(wait.cancelId(), wait.venue()));
        }
      }
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

  public static String json(DemoReport report) {
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
