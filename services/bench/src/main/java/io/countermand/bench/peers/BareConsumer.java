package io.countermand.bench.peers;

import io.countermand.bench.call.IntentCall;
import io.countermand.bench.call.PeerSettings;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Peer {@code floor}: the least that any such program does. A virtual thread per record, offsets
 * committed by the clock, whatever became of the calls; it loses and forgets as it likes.
 */
final class BareConsumer implements Runnable {

  private final PeerSettings settings;
  private final IntentCall call;
  private final Semaphore permits;

  BareConsumer(PeerSettings settings, IntentCall call) {
    this.settings = settings;
    this.call = call;
    this.permits = new Semaphore(settings.concurrency());
  }

  @Override
  public void run() {
    Properties consuming = settings.consumer();
    consuming.put("enable.auto.commit", "true");
    consuming.put("auto.commit.interval.ms", "1000");
    try (var results = new Results(settings);
        var consumer =
            new KafkaConsumer<>(
                consuming, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(settings.intents()));
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
          permits.acquireUninterruptibly();
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      results.send(record.key(), call.call(record.value()));
                    } finally {
                      permits.release();
                    }
                  });
        }
      }
    }
  }
}
