package io.countermand.bench.parallel;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import io.countermand.bench.call.IntentCall;
import io.countermand.bench.call.ParentPipe;
import io.countermand.bench.call.PeerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Peer {@code parallel-consumer}: keys in order, as many calls in flight as allowed. */
public final class ParallelConsumerMain {

  private ParallelConsumerMain() {}

  /** One argument: the file of {@link PeerSettings}. */
  public static void main(String[] args) throws IOException {
    PeerSettings settings = PeerSettings.read(Path.of(args[0]));
    IntentCall call = new IntentCall(settings);
    var consumer =
        new KafkaConsumer<>(
            settings.consumer(), new StringDeserializer(), new ByteArrayDeserializer());
    var producer =
        new KafkaProducer<>(settings.producer(), new StringSerializer(), new ByteArraySerializer());
    ParallelStreamProcessor<String, byte[]> processor =
        ParallelStreamProcessor.createEosStreamProcessor(
            ParallelConsumerOptions.<String, byte[]>builder()
                .ordering(ProcessingOrder.KEY)
                .maxConcurrency(settings.concurrency())
                .consumer(consumer)
                .producer(producer)
                .build());
    processor.subscribe(List.of(settings.intents()));
    processor.pollAndProduce(
        context ->
            new ProducerRecord<>(settings.results(), context.key(), call.call(context.value())));
    ParentPipe.await();
    Runtime.getRuntime().halt(0); // its state is nobody's concern any more
  }
}
