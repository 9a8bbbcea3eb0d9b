package io.countermand.bench.peers;

import io.countermand.bench.call.IntentCall;
import io.countermand.bench.call.PeerSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Peer {@code share-consumer}: a batch at a time, each record on a virtual thread, and acknowledged
 * after its call, as Kafka's documentation shows it.
 */
final class ShareLoop implements Runnable {

  private final PeerSettings settings;
  private final IntentCall call;

  ShareLoop(PeerSettings settings, IntentCall call) {
    this.settings = settings;
    this.call = call;
  }

  @Override
  public void run() {
    fromTheBeginning();
    Properties consuming = settings.common();
    consuming.put("group.id", settings.group());
    consuming.put("share.acknowledgement.mode", "explicit");
    consuming.put("share.acquire.mode", "record_limit");
    consuming.put("max.poll.records", Integer.toString(settings.concurrency()));
    try (var results = new Results(settings);
        var consumer =
            new KafkaShareConsumer<>(
                consuming, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(settings.intents()));
      while (true) {
        ConsumerRecords<byte[], byte[]> batch = consumer.poll(Duration.ofMillis(500));
        callAll(batch, results);
        batch.forEach(record -> consumer.acknowledge(record, AcknowledgeType.ACCEPT));
        consumer.commitAsync();
      }
    }
  }

  /** Returns when all have been called. */
  private void callAll(ConsumerRecords<byte[], byte[]> batch, Results results) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (ConsumerRecord<byte[], byte[]> record : batch) {
        threads.execute(() -> results.send(record.key(), call.call(record.value())));
      }
    }
  }

  /** A new share group would begin at the end. */
  private void fromTheBeginning() {
    var group = new ConfigResource(ConfigResource.Type.GROUP, settings.group());
    var earliest =
        new AlterConfigOp(
            new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET);
    try (Admin admin = Admin.create(settings.common())) {
      admin.incrementalAlterConfigs(Map.of(group, List.of(earliest))).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("share group cannot be set up", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while starting", e);
    }
  }
}
