package io.countermand.bench.process;

import io.countermand.bench.load.BenchOptions;
import io.countermand.bench.load.Variant;
import io.countermand.bench.measure.BrokerRequests;
import io.countermand.bench.measure.ClientRequests;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Catalogue;
import io.countermand.platform.LocalPlatform;
import io.countermand.platform.SchemaAdmin;
import io.countermand.platform.TopicAdmin;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Broker and registry, the same for all variants of a run, with everybody's topics. */
public final class BenchCluster implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BenchCluster.class);

  private final LocalPlatform platform;
  private final KafkaConnection connection;
  private final Admin admin;
  private final int partitions;
  private final BrokerRequests requests;

  private BenchCluster(LocalPlatform platform, int partitions) {
    this.platform = platform;
    this.connection =
        new KafkaConnection(
            platform.bootstrapServers(), platform.registryUrl(), "bench", Map.of(), Map.of());
    this.admin = Admin.create(connection.admin("bench"));
    this.partitions = partitions;
    this.requests = BrokerRequests.of(platform.brokerPid());
  }

  public static BenchCluster start(BenchOptions options) throws InterruptedException {
    LocalPlatform platform =
        LocalPlatform.start(new LocalPlatform.Options(options.data().resolve("platform"), 0, 0));
    var stage = new BenchCluster(platform, options.partitions());
    try {
      stage.createTopics(options.chosen());
      return stage;
    } catch (RuntimeException | InterruptedException e) {
      stage.close();
      throw e;
    }
  }

  private void createTopics(List<Variant> variants) throws InterruptedException {
    var catalogue = Catalogue.of(partitions, (short) 1);
    TopicAdmin.apply(admin, catalogue);
    SchemaAdmin.register(connection.registryUrl(), catalogue);
    var _ =
        get(
            admin
                .createTopics(
                    variants.stream()
                        .filter(variant -> !variant.ours())
                        .flatMap(variant -> Stream.of(variant.intents(), variant.results()))
                        .map(
                            name ->
                                new NewTopic(name, partitions, (short) 1)
                                    .configs(Map.of("message.timestamp.type", "LogAppendTime")))
                        .toList())
                .all());
  }

  public KafkaConnection connection() {
    return connection;
  }

  int partitions() {
    return partitions;
  }

  public long brokerPid() {
    return platform.brokerPid();
  }

  /** Of all logs by topic, those of Kafka itself included. */
  public Map<String, Long> bytes() throws InterruptedException {
    Map<String, Long> bytes = new HashMap<>();
    get(admin.describeLogDirs(List.of(1)).allDescriptions()).values().stream()
        .flatMap(directories -> directories.values().stream())
        .flatMap(directory -> directory.replicaInfos().entrySet().stream())
        .forEach(log -> bytes.merge(log.getKey().topic(), log.getValue().size(), Long::sum));
    return bytes;
  }

  /** What the broker was asked for since it began, by kind. */
  public SortedMap<String, Long> requests() throws IOException {
    return requests.counts();
  }

  /** Requests that this process' administration has made. */
  public double ownRequests() {
    return ClientRequests.of(admin.metrics());
  }

  /** Where the log of every partition of every topic ends, those of Kafka itself included. */
  public Map<TopicPartition, Long> ends() throws InterruptedException {
    Set<String> topics = get(admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (TopicDescription topic : get(admin.describeTopics(topics).allTopicNames()).values()) {
      topic
          .partitions()
          .forEach(
              partition ->
                  asked.put(
                      new TopicPartition(topic.name(), partition.partition()),
                      OffsetSpec.latest()));
    }
    Map<TopicPartition, Long> ends = new HashMap<>();
    get(admin.listOffsets(asked).all())
        .forEach((partition, end) -> ends.put(partition, end.offset()));
    return ends;
  }

  /** Records ever written to a topic. */
  public long records(String topic) throws InterruptedException {
    return ends(topic).values().stream().mapToLong(ListOffsetsResultInfo::offset).sum();
  }

  /** Whether the group has read and committed all of a topic. */
  public boolean caughtUp(String group, String topic) throws InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> read = committed(group);
    return ends(topic).entrySet().stream()
        .allMatch(
            end -> {
              OffsetAndMetadata at = read.get(end.getKey());
              return end.getValue().offset() == 0
                  || (at != null && at.offset() >= end.getValue().offset());
            });
  }

  private Map<TopicPartition, OffsetAndMetadata> committed(String group)
      throws InterruptedException {
    try {
      return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    } catch (ExecutionException e) {
      return Map.of(); // the group is still to come
    }
  }

  private Map<TopicPartition, ListOffsetsResultInfo> ends(String topic)
      throws InterruptedException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (int i = 0; i < partitions; i++) {
      asked.put(new TopicPartition(topic, i), OffsetSpec.latest());
    }
    return get(admin.listOffsets(asked).all());
  }

  private static <T> T get(KafkaFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker does not do as asked: " + e.getCause(), e);
    }
  }

  @Override
  public void close() {
    admin.close();
    try {
      requests.close();
    } catch (IOException e) {
      LOG.warn("the connection to the broker's meters does not close", e);
    }
    platform.close();
  }
}
