package io.countermand.kafka;

import io.countermand.codec.SwitchCodec;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the kill switches: all that ever were, each as it stands. */
public final class SwitchReader {

  private static final Logger LOG = LoggerFactory.getLogger(SwitchReader.class);
  private static final TopicPartition ALL = new TopicPartition(Topics.KILL_SWITCHES, 0);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration REGISTRY = Duration.ofSeconds(5);

  private SwitchReader() {}

  /** The same, for a tool. */
  public static List<KillSwitch> read(KafkaConnection connection) {
    try (EventSerdes serdes = connection.serdes()) {
      return read(connection, serdes);
    }
  }

  /**
   * What stands in the topic now, in the order in which it last changed. Waits for transactions
   * that are open: what one of them fires may stand in a log that the caller has passed.
   *
   * @throws IllegalStateException if it cannot be read
   * @throws io.countermand.events.serde.RegistryUnavailableException if a schema is not known, and
   *     the registry cannot be asked
   */
  public static List<KillSwitch> read(KafkaConnection connection, EventSerdes serdes) {
    Map<String, KillSwitch> all = new LinkedHashMap<>();
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
          take(inbox, record, all);
        }
      }
    }
    return List.copyOf(all.values());
  }

  private static void take(
      Inbox<io.countermand.events.KillSwitch> inbox,
      ConsumerRecord<byte[], byte[]> record,
      Map<String, KillSwitch> all) {
    if (record.value() == null) {
      return; // nobody of us writes that
    }
    switch (inbox.read(record.topic(), record.value())) {
      case Decoded.Ok<io.countermand.events.KillSwitch>(var value) -> {
        KillSwitch one = SwitchCodec.fromAvro(value);
        all.remove(one.mass().massId());
        all.put(one.mass().massId(), one);
      }
      case Decoded.Poison<io.countermand.events.KillSwitch>(Decoded.Kind kind, String text) ->
          LOG.atError()
              .addKeyValue("offset", record.offset())
              .addKeyValue("kind", kind)
              .addKeyValue("text", text)
              .log("kill switch cannot be read");
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
      throw new IllegalStateException(Topics.KILL_SWITCHES + " cannot be read: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
