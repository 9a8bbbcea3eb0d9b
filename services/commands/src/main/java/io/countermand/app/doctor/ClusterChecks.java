package io.countermand.app.doctor;

import io.countermand.app.rights.Right;
import io.countermand.app.rights.Role;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.streams.ClockSkew;
import io.countermand.platform.Catalogue;
import io.countermand.platform.PlatformException;
import io.countermand.platform.TopicAdmin;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Broker, topics, rights, clock. */
final class ClusterChecks {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** {@code metadata.version} 4.0-IV3: the first release with what desk and ledger rest on. */
  private static final short KAFKA_4_0 = 25;

  private static final Duration LONGEST_TRANSACTION = Duration.ofSeconds(10);
  private static final Duration MOST_SKEW = Duration.ofMillis(500);
  private static final int APPENDS = 5;

  private final KafkaConnection connection;
  private final Catalogue catalogue;
  private final InstantSource clock;
  private final Diagnosis diagnosis;
  private final @Nullable Role role;
  private final Set<Right> needs;

  /**
   * @param role whose rights this user must have; null: nobody said
   * @param needs of that role
   */
  ClusterChecks(
      KafkaConnection connection,
      Catalogue catalogue,
      InstantSource clock,
      Diagnosis diagnosis,
      @Nullable Role role,
      Set<Right> needs) {
    this.connection = connection;
    this.catalogue = catalogue;
    this.clock = clock;
    this.diagnosis = diagnosis;
    this.role = role;
    this.needs = Set.copyOf(needs);
  }

  void all() throws InterruptedException {
    var settings = connection.admin("doctor");
    settings.put("default.api.timeout.ms", Long.toString(PATIENCE.toMillis()));
    settings.put("request.timeout.ms", Long.toString(PATIENCE.toMillis() / 2));
    try (Admin admin = Admin.create(settings)) {
      var nodes = got(admin.describeCluster().nodes());
      diagnosis.ok("kafka.reachable", nodes.size() + " brokers answer");
      features(admin);
      transactions(admin, nodes.iterator().next().idString());
      topics(admin);
      new RightsCheck(admin, catalogue, diagnosis).run(role, needs);
      skew(admin);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      diagnosis.wrong(
          "kafka.reachable",
          connection.bootstrapServers(),
          "does not answer as it must: " + cause(e),
          "is it running; are address and security settings right (kafka.bootstrap-servers,"
              + " kafka.properties)?");
    }
  }

  private void features(Admin admin)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<String, FinalizedVersionRange> features =
        got(admin.describeFeatures().featureMetadata()).finalizedFeatures();
    int metadata = level(features, "metadata.version");
    if (metadata < KAFKA_4_0) {
      diagnosis.wrong(
          "kafka.version",
          "metadata.version",
          "is " + metadata + ", older than Kafka 4.0",
          "upgrade the brokers, then `kafka-features.sh upgrade --release-version 4.0`");
    } else {
      diagnosis.ok("kafka.version", "metadata.version " + metadata);
    }
    diagnosis.ok(
        "kafka.features",
        "transaction.version %d, group.version %d, share.version %d, streams.version %d"
            .formatted(
                level(features, "transaction.version"),
                level(features, "group.version"),
                level(features, "share.version"),
                level(features, "streams.version")));
  }

  private static int level(Map<String, FinalizedVersionRange> features, String name) {
    FinalizedVersionRange range = features.get(name);
    return range == null ? 0 : range.maxVersionLevel();
  }

  private void transactions(Admin admin, String broker)
      throws ExecutionException, InterruptedException, TimeoutException {
    var resource = new ConfigResource(ConfigResource.Type.BROKER, broker);
    try {
      var config = got(admin.describeConfigs(List.of(resource)).all()).get(resource);
      var entry = config == null ? null : config.get("transaction.max.timeout.ms");
      if (entry == null) {
        diagnosis.note("kafka.transactions", "broker " + broker, "does not say how long", "");
      } else if (Long.parseLong(entry.value()) > LONGEST_TRANSACTION.toMillis()) {
        diagnosis.note(
            "kafka.transactions",
            "broker " + broker,
            "transaction.max.timeout.ms is " + entry.value(),
            "a producer that leaves a transaction open holds intents back for that long: set it to "
                + LONGEST_TRANSACTION.toMillis());
      } else {
        diagnosis.ok("kafka.transactions", "no longer than " + entry.value() + " ms");
      }
    } catch (ExecutionException e) {
      diagnosis.note("kafka.transactions", "broker " + broker, "cannot be seen: " + cause(e), "");
    }
  }

  private void topics(Admin admin) {
    try {
      List<TopicAdmin.Change> changes = TopicAdmin.check(admin, catalogue);
      for (TopicAdmin.Change change : changes) {
        diagnosis.wrong(
            "topics",
            change.topic(),
            change.text(),
            change.kind() == TopicAdmin.Kind.MISSING ? "`countermand topics apply`" : "");
      }
      if (changes.isEmpty()) {
        diagnosis.ok("topics", "all " + catalogue.topics().size() + " are as they must be");
      }
    } catch (PlatformException e) {
      String what = String.valueOf(e.getMessage());
      if (role == null || role == Role.ADMIN) {
        diagnosis.wrong("topics", "", what, "may this user describe them?");
      } else {
        diagnosis.note("topics", "", what, "an admin's `doctor` looks at them");
      }
    }
  }

  /** By appends to a topic of its own, which is deleted again. */
  private void skew(Admin admin) throws InterruptedException, TimeoutException {
    String topic = "countermand-doctor-" + UUID.randomUUID();
    try {
      got(
          admin
              .createTopics(
                  List.of(
                      new NewTopic(topic, 1, catalogue.topics().getFirst().replication())
                          .configs(Map.of("message.timestamp.type", "LogAppendTime"))))
              .all());
    } catch (ExecutionException e) {
      diagnosis.note("clock", "", "cannot be compared, no topic may be made: " + cause(e), "");
      return;
    }
    var skew = new ClockSkew();
    try (var producer =
        new KafkaProducer<>(
            connection.producer("doctor"), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < APPENDS; i++) {
        Instant before = clock.instant();
        long appended =
            producer
                .send(new ProducerRecord<>(topic, new byte[1]))
                .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .timestamp();
        skew.appended(before, Instant.ofEpochMilli(appended), clock.instant());
      }
    } catch (ExecutionException | KafkaException e) {
      diagnosis.note("clock", "", "cannot be compared: " + cause(e), "");
      return;
    } finally {
      admin.deleteTopics(List.of(topic));
    }
    Duration certain = skew.certain(clock.instant());
    if (certain == null) {
      diagnosis.note("clock", "", "cannot be compared", "");
    } else if (certain.abs().compareTo(MOST_SKEW) > 0) {
      diagnosis.wrong(
          "clock",
          connection.bootstrapServers(),
          "the brokers' clock is "
              + certain.abs().toMillis()
              + " ms "
              + (certain.isNegative() ? "behind" : "ahead of")
              + " this machine's at least",
          "set both by a time service: deadlines are compared with both clocks");
    } else {
      diagnosis.ok("clock", "differs from the brokers' by " + certain.toMillis() + " ms at least");
    }
  }

  static <T> T got(KafkaFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(PATIENCE.toMillis() * 2, TimeUnit.MILLISECONDS);
  }

  static String cause(Exception e) {
    Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
    return String.valueOf(cause.getMessage() == null ? cause : cause.getMessage());
  }
}
