package io.countermand.app.role;

import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.app.lookup.DeadLetterBox;
import io.countermand.codec.MassCodec;
import io.countermand.console.actions.Actions;
import io.countermand.desk.pause.PauseTopic;
import io.countermand.domain.mass.MassCheck;
import io.countermand.events.ConsoleAction;
import io.countermand.events.DeadLetter;
import io.countermand.events.MassCancel;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.client.MassCancels;
import io.countermand.platform.Topics;
import io.countermand.venues.limits.Rate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a console can have done, by the classes that the command line has it done by. Thread-safe.
 */
public final class ConsoleActions implements Actions {

  private static final Logger LOG = LoggerFactory.getLogger(ConsoleActions.class);
  private static final long PATIENCE_SECONDS = 30;

  private final Map<String, Rate> rates;
  private final SortedSet<String> venues;
  private final MassCheck check;
  private final @Nullable Duration second;
  private final EventSerdes serdes;
  private final Producer<byte[], byte[]> producer;
  private final PauseTopic pauses;
  private final MassCancels.Publisher masses;

  /** Of one thread at a time. */
  private final DeadLetterBox box;

  private ConsoleActions(
      KafkaConnection connection,
      Map<String, Rate> rates,
      MassCheck check,
      @Nullable Duration second,
      String by) {
    this.rates = Map.copyOf(rates);
    this.venues = Collections.unmodifiableSortedSet(new TreeSet<>(rates.keySet()));
    this.check = check;
    this.second = second;
    this.serdes = connection.serdes();
    this.producer =
        new KafkaProducer<>(
            connection.producer("console-actions"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.pauses = new PauseTopic(connection, by);
    this.masses = new MassCancels.Publisher(connection);
    this.box = new DeadLetterBox(connection);
  }

  /** Connects in the background; null: {@code console.actions} is off. */
  public static @Nullable ConsoleActions of(Config config) {
    return config.console().actions()
        ? new ConsoleActions(
            Settings.connection(config),
            config.venues().values().stream()
                .collect(Collectors.toMap(Config.Venue::name, Config.Venue::rate)),
            new MassCheck(config.intents().longestDeadline()),
            config.console().secondPerson() ? config.console().confirmWithin() : null,
            "console-" + config.instance())
        : null;
  }

  @Override
  public SortedSet<String> venues() {
    return venues;
  }

  @Override
  public boolean keep(ConsoleAction action) throws InterruptedException {
    try {
      byte[] value =
          serdes.serializer(ConsoleAction.class).serialize(Topics.CONSOLE_ACTIONS, action);
      byte[] key = action.getActionId().getBytes(StandardCharsets.UTF_8);
      var _ =
          producer
              .send(new ProducerRecord<>(Topics.CONSOLE_ACTIONS, key, value))
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      LOG.atError()
          .addKeyValue("action", action.getActionId())
          .addKeyValue("state", action.getState())
          .addKeyValue("error", e.toString())
          .log("the record of an action could not be written");
      return false;
    }
  }

  @Override
  public boolean pause(String venue, @Nullable Instant until, String reason, String by)
      throws InterruptedException {
    return pauses.pause(venue, until, reason, by);
  }

  @Override
  public boolean resume(String venue, String reason, String by) throws InterruptedException {
    return pauses.resume(venue, reason, by);
  }

  @Override
  public @Nullable String problem(MassCancel mass, Instant now) {
    return switch (check.check(MassCodec.fromAvro(mass), now)) {
      case MassCheck.Taken _ -> null;
      case MassCheck.Refused(var _, String text) -> text;
      case MassCheck.Unanswerable(String text) -> text;
    };
  }

  @Override
  public @Nullable Duration secondPersonWithin() {
    return second;
  }

  @Override
  public boolean ask(MassCancel mass) throws InterruptedException {
    try {
      masses.publish(MassCodec.fromAvro(mass));
      return true;
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("massId", mass.getMassId())
          .addKeyValue("error", e.toString())
          .log("a mass cancel is not known to be written");
      return false;
    }
  }

  @Override
  public Optional<Duration> atLeast(String venue, int calls) {
    return Optional.ofNullable(rates.get(venue))
        .map(
            rate ->
                Duration.ofNanos(
                    Math.max(0, calls - rate.burst())
                        * (rate.period().toNanos() / rate.permits())));
  }

  @Override
  public boolean requeue(String place, DeadLetter letter, String by, String why)
      throws InterruptedException {
    try {
      synchronized (box) {
        var _ = box.requeue(new DeadLetterBox.Entry(place, letter), by, why);
      }
      return true;
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("place", place)
          .addKeyValue("error", e.toString())
          .log("a dead letter is not known to be sent again");
      return false;
    }
  }

  @Override
  public void close() {
    synchronized (box) {
      box.close();
    }
    masses.close();
    pauses.close();
    producer.close(Duration.ofSeconds(10));
    serdes.close();
  }
}
