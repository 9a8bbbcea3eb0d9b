package io.countermand.kafka.client;

import io.countermand.codec.SwitchCodec;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the kill switches: all that ever were, each as it stands. */
public final class SwitchReader {

  private static final Logger LOG = LoggerFactory.getLogger(SwitchReader.class);
  private static final TopicPartition ALL = new TopicPartition(Topics.KILL_SWITCHES, 0);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration REGISTRY = Duration.ofSeconds(5);

  private SwitchReader() {}

  /**
   * @param switches in the order in which they last changed; one whose newest record cannot be read
   *     as the one before says
   * @param unreadable where the newest record under a key cannot be read, and why: what the switch
   *     is, and whether it is on, that record alone knows
   */
  public record Found(List<KillSwitch> switches, List<String> unreadable) {}

  /** The same, for a tool. */
  public static Found read(KafkaConnection connection) {
    try (EventSerdes serdes = connection.serdes()) {
      return read(connection, serdes);
    }
  }

  /**
   * What stands in the topic now. Waits for transactions that are open: what one of them fires may
   * stand in a log that the caller has passed.
   *
   * @throws IllegalStateException if it cannot be read
   * @throws io.countermand.events.serde.RegistryUnavailableException if a schema is not known, and
   *     the registry cannot be asked
   */
  public static Found read(KafkaConnection connection, EventSerdes serdes) {
    var reading = new Reading();
    Properties settings = connection.consumer("kill-switches");
    settings.put("isolation.level", "read_committed");
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      var inbox = new Inbox<>(serdes.decoder(io.countermand.events.KillSwitch.class), REGISTRY);
      long end = end(connection);
      consumer.assign(List.of(ALL));
      consumer.seekToBeginning(List.of(ALL));
      long until = System.nanoTime() + PATIENCE.toNanos();
      while (consumer.position(ALL) < end) {
        if (System.nanoTime() > until) {
          throw new IllegalStateException(
              Topics.KILL_SWITCHES + " cannot be read to its end: " + end);
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          Decoded<io.countermand.events.KillSwitch> value =
              inbox.read(record.topic(), record.value());
          reading.take(record.key(), record.offset(), value);
        }
      }
    }
    return reading.found();
  }

  /** Each key as its newest record says. */
  static final class Reading {

    private final Map<String, KillSwitch> all = new LinkedHashMap<>();
    private final Map<String, String> unreadable = new LinkedHashMap<>();

    void take(byte @Nullable [] key, long offset, Decoded<io.countermand.events.KillSwitch> value) {
      String id = key == null ? "" : new String(key, StandardCharsets.UTF_8);
      unreadable.remove(id);
      switch (value) {
        case Decoded.Ok<io.countermand.events.KillSwitch>(var read) -> {
          KillSwitch one = SwitchCodec.fromAvro(read);
          all.remove(one.mass().massId());
          all.put(one.mass().massId(), one);
        }
        case Decoded.Poison<io.countermand.events.KillSwitch>(Decoded.Kind kind, String text) -> {
          if (kind == Decoded.Kind.NULL_VALUE) {
            return; // nobody of us writes that; it says nothing
          }
          unreadable.put(
              id, Topics.KILL_SWITCHES + "-0@" + offset + " cannot be read: " + kind + ", " + text);
          LOG.atError()
              .addKeyValue("offset", offset)
              .addKeyValue("kind", kind)
              .addKeyValue("text", text)
              .log("kill switch cannot be read");
        }
      }
    }

    Found found() {
      return new Found(List.copyOf(all.values()), List.copyOf(unreadable.values()));
    }
  }

  /** Of what is committed, or may be yet. */
  private static long end(KafkaConnection connection) {
    try (Admin admin = Admin.create(connection.admin("kill-switches"))) {
      return admin
          .listOffsets(
              Map.of(ALL, OffsetSpec.latest()),
              new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
          .partitionResult(ALL)
          .get()
          .offset();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          Topics.KILL_SWITCHES
              + " cannot be read: "
              + (e.getCause() == null ? e : e.getCause()).getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
