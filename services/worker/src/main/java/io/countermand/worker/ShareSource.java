package io.countermand.worker;

import io.countermand.kafka.Heartbeats;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.RoleMeters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A share group: records are locked for one worker each, and come back if it dies, or if the lock
 * runs out first. A consumer that has asked in vain once goes on asking by itself, polled or not,
 * until it has records, and locks them: so they may grow old while the venue is paused.
 */
final class ShareSource implements RequestSource {

  private static final List<String> NOT_FOR_SHARE =
      List.of(
          "auto.offset.reset", "enable.auto.commit", "session.timeout.ms", "heartbeat.interval.ms");

  private final String topic;
  private final KafkaShareConsumer<byte[], byte[]> consumer;

  /**
   * Sets up the group (a new one starts at the first record, not behind the last) and joins it.
   *
   * @param client the consumer's name, this process' own
   * @param committed whether only records of committed transactions are taken
   */
  ShareSource(
      KafkaConnection connection,
      String topic,
      String client,
      String group,
      int batch,
      boolean committed) {
    this.topic = topic;
    prepare(connection, group, committed);
    Properties settings = connection.consumer(client);
    NOT_FOR_SHARE.forEach(settings::remove);
    settings.put("group.id", group);
    settings.put("share.acknowledgement.mode", "explicit");
    settings.put("share.acquire.mode", "record_limit");
    settings.put("max.poll.records", Integer.toString(batch));
    this.consumer =
        new KafkaShareConsumer<>(
            settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.subscribe(List.of(topic));
  }

  private static void prepare(KafkaConnection connection, String group, boolean committed) {
    var resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    List<AlterConfigOp> changes =
        List.of(
            set("share.auto.offset.reset", "earliest"),
            set("share.isolation.level", committed ? "read_committed" : "read_uncommitted"),
            set("share.record.lock.duration.ms", "15000"));
    try (Admin admin = Admin.create(connection.admin("worker-setup"))) {
      admin.incrementalAlterConfigs(Map.of(resource, changes)).all().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(
          "share group '"
              + group
              + "' cannot be set up at "
              + connection.bootstrapServers()
              + " (needs Kafka 4.2 or later; with an older broker set worker.source: group): "
              + (e.getCause() == null ? e : e.getCause()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while setting up share group " + group, e);
    }
  }

  private static AlterConfigOp set(String key, String value) {
    return new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
  }

  @Override
  public String topic() {
    return topic;
  }

  @Override
  public List<ConsumerRecord<byte[], byte[]>> poll(Duration within) {
    try {
      List<ConsumerRecord<byte[], byte[]>> taken = new ArrayList<>();
      consumer.poll(within).forEach(taken::add);
      return taken;
    } catch (WakeupException e) {
      return List.of();
    }
  }

  /** Each record is settled on its own. */
  @Override
  public boolean settled(ConsumerRecord<byte[], byte[]> record) {
    return false;
  }

  @Override
  public void settle(List<ConsumerRecord<byte[], byte[]>> records, List<Verdict> verdicts) {
    for (int i = 0; i < records.size(); i++) {
      consumer.acknowledge(
          records.get(i),
          verdicts.get(i) == Verdict.DONE ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE);
    }
    consumer.commitAsync();
  }

  @Override
  public void idle() {
    // The consumer's own thread keeps the membership.
  }

  @Override
  public boolean joined() {
    return Gauges.positive(consumer.metrics(), "rebalance-total");
  }

  @Override
  public void show(RoleMeters meters) {
    meters.share(topic, consumer::metrics);
  }

  @Override
  public Optional<String> missing() {
    return joined() ? Heartbeats.missing(consumer.metrics()) : Optional.of("not a member yet");
  }

  @Override
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close(Duration.ofSeconds(10));
  }
}
