package io.countermand.desk.pause;

import io.countermand.events.PauseCause;
import io.countermand.events.VenuePause;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Topics;
import io.countermand.venues.limits.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes {@code venue-pauses} for who is no desk: operators and feeds. Thread-safe. */
public final class PauseTopic implements SharedPauses.Teller, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PauseTopic.class);
  private static final long PATIENCE_SECONDS = 30;

  private final String by;
  private final EventSerdes serdes;
  private final Serializer<VenuePause> values;
  private final Producer<byte[], byte[]> producer;

  /**
   * @param by who writes, in records
   */
  public PauseTopic(KafkaConnection connection, String by) {
    this.by = by;
    this.serdes = connection.serdes();
    this.values = serdes.serializer(VenuePause.class);
    this.producer =
        new KafkaProducer<>(
            connection.producer("pauses"), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * An operator's word, for all processes; the last one holds. Returns whether it is durable.
   *
   * @param until null: until resumed
   */
  public boolean pause(String venue, @Nullable Instant until, String reason)
      throws InterruptedException {
    return pause(venue, until, reason, by);
  }

  /**
   * As the other, for somebody else.
   *
   * @param who writes, in the record
   */
  public boolean pause(String venue, @Nullable Instant until, String reason, String who)
      throws InterruptedException {
    return order(venue, until == null ? Pause.UNTIL_RESUMED : until, reason, who);
  }

  /** Lifts whatever pause there is, the venue's own included. Returns whether it is durable. */
  public boolean resume(String venue, String reason) throws InterruptedException {
    return resume(venue, reason, by);
  }

  /**
   * As the other, for somebody else.
   *
   * @param who writes, in the record
   */
  public boolean resume(String venue, String reason, String who) throws InterruptedException {
    return order(venue, Instant.EPOCH, reason, who);
  }

  private boolean order(String venue, Instant until, String reason, String who)
      throws InterruptedException {
    return tell(
        PauseKey.ofOperator(venue),
        new VenuePause(venue, until, PauseCause.OPERATOR, reason, who, Instant.now()));
  }

  @Override
  public boolean tell(byte[] key, VenuePause pause) throws InterruptedException {
    try {
      byte[] value = values.serialize(Topics.PAUSES, pause);
      var _ =
          producer
              .send(new ProducerRecord<>(Topics.PAUSES, key, value))
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("venue", pause.getVenue())
          .addKeyValue("error", e.toString())
          .log("pause could not be written");
      return false;
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(10));
    serdes.close();
  }
}
