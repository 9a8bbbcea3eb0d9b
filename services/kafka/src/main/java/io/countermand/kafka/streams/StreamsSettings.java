package io.countermand.kafka.streams;

import io.countermand.kafka.KafkaConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What both Streams apps set.
 *
 * @param applicationId group and prefix of the internal topics
 * @param stateDir local stores
 * @param threads stream threads
 * @param standbys warm copies of each store on other instances
 * @param replication replication factor of the internal topics; -1: the broker's default
 * @param commitEvery how often offsets (and, for the ledger, transactions) are committed
 */
public record StreamsSettings(
    String applicationId,
    Path stateDir,
    int threads,
    int standbys,
    int replication,
    Duration commitEvery) {

  /** Below the session's time: an instance that stands still for longer is fenced anyway. */
  private static final long TRANSACTION_MILLIS = 5_000;

  /** Half of the longest transaction that our own brokers allow. */
  public static final Duration LONGEST_COMMIT = Duration.ofSeconds(5);

  /** Where the role keeps the schema ids that it knows: beside its stores. */
  public Path schemaFile() {
    return stateDir.resolve(applicationId + ".schemas");
  }

  public Properties properties(KafkaConnection connection, boolean exactlyOnce) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, connection.bootstrapServers());
    settings.put(StreamsConfig.CLIENT_ID_CONFIG, applicationId + "-" + connection.instance());
    settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
    settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, standbys);
    settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, replication);
    settings.put(
        StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
        exactlyOnce ? StreamsConfig.EXACTLY_ONCE_V2 : StreamsConfig.AT_LEAST_ONCE);
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, commitEvery.toMillis());
    // How late a commit or a timer may be while nothing comes; the ledger's are waited for.
    settings.put(StreamsConfig.POLL_MS_CONFIG, exactlyOnce ? 20 : 100);
    settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedStores.class);
    settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    settings.put(
        StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, AnyTimestamp.class.getName());
    settings.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, TooLarge.class.getName());
    // An order's page holds up to 200 cancels with texts of any length that is allowed.
    settings.put(
        StreamsConfig.topicPrefix("max.message.bytes"),
        Integer.toString(KafkaConnection.MOST_BYTES));
    settings.put(StreamsConfig.producerPrefix("linger.ms"), "0");
    settings.put(StreamsConfig.producerPrefix("acks"), "all");
    settings.put(
        StreamsConfig.producerPrefix("max.request.size"),
        Integer.toString(KafkaConnection.MOST_BYTES));
    // The desk, too: an outcome of a transaction that is aborted later must not end a flight.
    settings.put(StreamsConfig.consumerPrefix("isolation.level"), "read_committed");
    settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
    settings.put(StreamsConfig.consumerPrefix("session.timeout.ms"), "6000");
    settings.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), "2000");
    if (exactlyOnce) {
      // Off the way to the venue, and waiting for a commit anyway: it sends what came in a
      // millisecond at once (and takes it by a pace, PacedConsumers).
      settings.put(StreamsConfig.producerPrefix("linger.ms"), "1");
      // Who takes over from a dead instance waits until its open transaction has been given up.
      settings.put(
          StreamsConfig.producerPrefix("transaction.timeout.ms"),
          Long.toString(Math.max(TRANSACTION_MILLIS, 2 * commitEvery.toMillis())));
    }
    // Static membership: a process that is started again under its name takes its partitions up at
    // once, instead of when the session of its dead self has ended.
    settings.put(
        StreamsConfig.mainConsumerPrefix("group.instance.id"),
        applicationId + "-" + connection.instance());
    connection.kafka().forEach(settings::put);
    return settings;
  }
}
