package io.countermand.desk.pause;

import io.countermand.events.PauseCause;
import io.countermand.events.VenuePause;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.events.serde.EventSerdes;
import io.countermand.events.serde.RegistryUnavailableException;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Topics;
import io.countermand.venues.limits.Pause;
import io.countermand.venues.limits.VenueGovernor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shares the venues' pauses between all desks and feeds, over the compacted topic {@code
 * venue-pauses}: what one is told holds for all, and for one that starts anew. Known before the
 * first call is made. What a venue said belongs to the credential; an operator's word is applied in
 * the order of the log, so that the last one holds everywhere.
 */
public final class SharedPauses implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SharedPauses.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** What a thread of this class hears is not told again, by whichever instance. */
  private static final ThreadLocal<Boolean> HEARING = ThreadLocal.withInitial(() -> false);

  /** Writes a record to the topic. */
  public interface Teller {

    /** Whether it is durable. */
    boolean tell(byte[] key, VenuePause pause) throws InterruptedException;
  }

  private final String by;
  private final Map<String, VenueGovernor> governors;
  private final Teller teller;
  private final EventDecoder<VenuePause> values;
  private final Consumer<byte[], byte[]> consumer;
  private final Thread thread;
  private volatile boolean closed;

  private SharedPauses(
      String by,
      Map<String, VenueGovernor> governors,
      Teller teller,
      EventDecoder<VenuePause> values,
      Consumer<byte[], byte[]> consumer) {
    this.by = by;
    this.governors = Map.copyOf(governors);
    this.teller = teller;
    this.values = values;
    this.consumer = consumer;
    this.thread = Thread.ofPlatform().name("pauses").unstarted(this::follow);
  }

  /**
   * Returns when what holds now is known.
   *
   * @param by who writes, in records
   * @param governors by venue; several may be one
   */
  public static SharedPauses start(
      KafkaConnection connection,
      String by,
      Map<String, VenueGovernor> governors,
      Teller teller,
      EventSerdes serdes) {
    var consumer =
        new KafkaConsumer<>(
            connection.consumer("pauses"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    var pauses =
        new SharedPauses(by, governors, teller, serdes.decoder(VenuePause.class), consumer);
    var partition = new TopicPartition(Topics.PAUSES, 0);
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    Long end = consumer.endOffsets(List.of(partition)).get(partition);
    while (end != null && consumer.position(partition) < end) {
      pauses.take(Duration.ofMillis(200));
    }
    pauses.governors.forEach(
        (venue, governor) -> governor.onPause(pause -> pauses.tell(venue, governor, pause)));
    pauses.thread.start();
    return pauses;
  }

  private void follow() {
    try {
      while (!closed) {
        take(Duration.ofSeconds(1));
      }
    } catch (WakeupException e) {
      LOG.debug("closing");
    } catch (KafkaException e) {
      LOG.atError().setCause(e).log("pauses of other desks are not heard any more");
    } finally {
      consumer.close();
    }
  }

  private void take(Duration within) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(within)) {
      if (record.value() != null
          && record.key() != null
          && read(record) instanceof Decoded.Ok<VenuePause>(VenuePause pause)) {
        HEARING.set(true);
        try {
          apply(PauseKey.read(record.key()), pause);
        } finally {
          HEARING.remove();
        }
      }
    }
  }

  private void apply(PauseKey key, VenuePause told) {
    boolean operator =
        told.getCause() == PauseCause.OPERATOR || told.getCause() == PauseCause.OTHER;
    Pause.Cause cause =
        operator ? Pause.Cause.OPERATOR : Pause.Cause.valueOf(told.getCause().name());
    var pause = new Pause(told.getUntil(), cause, told.getText(), key.credential());
    governors.entrySet().stream()
        .filter(each -> key.concerns(each.getKey(), each.getValue().credential()))
        .map(Map.Entry::getValue)
        .distinct()
        .forEach(
            governor -> {
              if (!operator) {
                if (told.getUntil().isAfter(Instant.now())) {
                  governor.pause(pause);
                }
              } else if (told.getUntil().isAfter(told.getAt())) {
                governor.order(pause);
              } else {
                governor.resume();
              }
            });
  }

  /** Null: nobody can tell now. Then the venue says again what it said to the other desk. */
  private @Nullable Decoded<VenuePause> read(ConsumerRecord<byte[], byte[]> record) {
    try {
      return values.decode(record.topic(), record.value(), Instant.now(), PATIENCE);
    } catch (RegistryUnavailableException e) {
      LOG.atWarn()
          .addKeyValue("offset", record.offset())
          .addKeyValue("error", e.getMessage())
          .log("a pause that another desk tells cannot be read, passed over");
      return null;
    }
  }

  /** Called where the pause was met; must not block. One heard from others is not told again. */
  private void tell(String venue, VenueGovernor governor, Pause pause) {
    if (HEARING.get() || closed) {
      return;
    }
    LOG.atWarn()
        .addKeyValue("venue", venue)
        .addKeyValue("until", pause.until())
        .addKeyValue("cause", pause.cause())
        .addKeyValue("text", pause.text())
        .log("venue paused");
    var record =
        new VenuePause(
            venue,
            pause.until(),
            PauseCause.valueOf(pause.cause().name()),
            pause.text(),
            by,
            Instant.now());
    byte[] key = new PauseKey(venue, governor.credential()).bytes();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                boolean _ = teller.tell(key, record);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
