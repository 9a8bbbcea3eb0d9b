package io.countermand.bench.peers;

import io.countermand.bench.call.IntentCall;
import io.countermand.bench.call.PeerSettings;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/**
 * Peer {@code streams-sync}: calls the venue inside the processor. A thread per partition, so that
 * as many calls are in flight as Streams can have.
 */
final class StreamsSync {

  private StreamsSync() {}

  static void start(PeerSettings settings, IntentCall call) {
    var builder = new StreamsBuilder();
    builder.stream(settings.intents(), Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
        .mapValues(call::call)
        .to(settings.results(), Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
    Properties properties = settings.common();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.group());
    properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.state().toString());
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.partitions());
    properties.put(StreamsConfig.producerPrefix("linger.ms"), "0");
    properties.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
    properties.put(StreamsConfig.consumerPrefix("session.timeout.ms"), "6000");
    properties.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), "2000");
    new KafkaStreams(builder.build(), properties).start();
  }
}
