package io.countermand.app.rights;

import static io.countermand.app.rights.LockedPipeline.STRANGER;
import static io.countermand.app.rights.LockedPipeline.user;

import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

/**
 * What somebody must not do, and the one right that he lacks for it.
 *
 * @param what he does, for people
 * @param who with his own password
 */
record Forbidden(Kind kind, String what, String who, Right lock, Deed deed) {

  /** As docs/security.md has them. */
  enum Kind {
    /** a */
    WRITES,
    /** b */
    READS,
    /** c */
    GROUPS_AND_TRANSACTIONS,
    /** f */
    ADMINISTRATION,
    /** i: of a desk that has one venue's credentials */
    ANOTHER_VENUE
  }

  /** Ends when the brokers took it; throws what they said. */
  interface Deed {
    void on(KafkaConnection connection) throws Exception;
  }

  @Override
  public String toString() {
    return "%s %s, but with %s on %s %s"
        .formatted(who, what, lock.operation(), lock.type(), lock.name());
  }

  static List<Forbidden> all() {
    List<Forbidden> all = new ArrayList<>();
    String desks = "countermand-desk";
    String ledgers = "countermand-ledger";
    // Records that are another's to write
    all.add(write(user(Role.PRODUCER), Topics.OUTCOMES));
    all.add(write(user(Role.PRODUCER), Topics.MASS_CANCELS));
    all.add(write(user(Role.PRODUCER), Topics.HEARTBEATS));
    all.add(write(user(Role.OMS), Topics.INTENTS));
    all.add(write(user(Role.RISK), Topics.OUTCOMES));
    all.add(write(user(Role.FEED), Topics.PROGRESS));
    all.add(write(user(Role.DOOR), Topics.ORDER_EVENTS));
    all.add(write(user(Role.DOOR), Topics.KILL_SWITCHES));
    all.add(write(user(Role.CONSOLE), Topics.OUTCOMES));
    all.add(write(user(Role.OPERATOR), Topics.CONSOLE_ACTIONS));
    all.add(write(user(Role.DESK), Topics.OUTCOMES));
    all.add(write(user(Role.LEDGER), Topics.INTENTS));
    all.add(write(user(Role.AUDITOR), Topics.DEAD_LETTERS));
    all.add(write(user(Role.PRODUCER), ledgers + "-ledger-orders-changelog"));
    all.add(write(user(Role.DESK), ledgers + "-ledger-orders-changelog"));
    // Records that are none of his business
    all.add(read(STRANGER, Topics.INTENTS));
    all.add(read(STRANGER, Topics.OUTCOMES));
    all.add(read(STRANGER, Topics.ORDER_STATES));
    all.add(read(user(Role.PRODUCER), Topics.INTENTS));
    all.add(read(user(Role.OMS), Topics.OUTCOMES));
    all.add(read(user(Role.RISK), Topics.PROGRESS));
    // Another group's offsets: looked at, or set
    all.add(offsets(STRANGER, desks));
    all.add(offsets(user(Role.PRODUCER), ledgers));
    all.add(commit(user(Role.RISK), "other-risk", Topics.FINDINGS));
    all.add(commit(user(Role.PRODUCER), desks + "-spare", Topics.OUTCOMES));
    all.add(commit(user(Role.AUDITOR), ledgers + "-spare", Topics.DEAD_LETTERS));
    all.add(commit(user(Role.DOOR), desks + "-spare", Topics.ORDER_STATES));
    // Transactions: one that stays open holds everybody back
    all.add(transaction(user(Role.PRODUCER), "oms-1"));
    all.add(transaction(user(Role.PRODUCER), ledgers + "-0-1"));
    all.add(transaction(user(Role.OMS), "oms-2"));
    all.add(transaction(user(Role.DOOR), "door-1"));
    all.add(transaction(user(Role.DESK), "desk-1"));
    // Topics as they are
    for (Role role : List.of(Role.PRODUCER, Role.DESK, Role.LEDGER, Role.ADMIN)) {
      all.add(
          admin(
              "alters a topic's settings",
              user(role),
              topic(Topics.INTENTS, "ALTER_CONFIGS"),
              admin ->
                  admin
                      .incrementalAlterConfigs(
                          Map.of(
                              new ConfigResource(ConfigResource.Type.TOPIC, Topics.INTENTS),
                              List.of(set("retention.ms", "60000"))),
                          new AlterConfigsOptions().validateOnly(true))
                      .all()));
    }
    all.add(
        admin(
            "adds partitions",
            user(Role.OPERATOR),
            topic(Topics.INTENTS, "ALTER"),
            admin ->
                admin
                    .createPartitions(
                        Map.of(Topics.INTENTS, NewPartitions.increaseTo(9)),
                        new CreatePartitionsOptions().validateOnly(true))
                    .all()));
    all.add(
        admin(
            "deletes records",
            user(Role.LEDGER),
            topic(Topics.OUTCOMES, "DELETE"),
            admin ->
                admin
                    .deleteRecords(
                        Map.of(
                            new TopicPartition(Topics.OUTCOMES, 0),
                            RecordsToDelete.beforeOffset(0)))
                    .all()));
    all.add(
        admin(
            "makes a topic",
            user(Role.DESK),
            topic("countermand-desk-more-changelog", "CREATE"),
            admin ->
                admin
                    .createTopics(
                        List.of(new NewTopic("countermand-desk-more-changelog", 1, (short) 1)),
                        new CreateTopicsOptions().validateOnly(true))
                    .all()));
    all.add(
        admin(
            "deletes a topic",
            user(Role.DESK),
            topic(LockedPipeline.SPARE, "DELETE"),
            admin -> admin.deleteTopics(List.of(LockedPipeline.SPARE)).all()));
    // The cluster: rights, settings, passwords
    all.add(
        admin(
            "looks at rights",
            user(Role.LEDGER),
            Right.cluster(AclOperation.DESCRIBE),
            admin -> admin.describeAcls(AclBindingFilter.ANY).values()));
    all.add(
        admin(
            "gives himself a right",
            user(Role.PRODUCER),
            Right.cluster(AclOperation.ALTER),
            admin ->
                admin
                    .createAcls(
                        List.of(
                            // One that he has: nothing of it stays behind.
                            topic(Topics.INTENTS, "WRITE").to("User:" + user(Role.PRODUCER))))
                    .all()));
    all.add(
        admin(
            "looks at users' passwords",
            user(Role.DESK),
            Right.cluster(AclOperation.DESCRIBE),
            admin -> admin.describeUserScramCredentials().users()));
    all.add(
        admin(
            "alters the cluster's settings",
            user(Role.OPERATOR),
            Right.cluster(AclOperation.ALTER_CONFIGS),
            admin ->
                admin
                    .incrementalAlterConfigs(
                        Map.of(
                            new ConfigResource(ConfigResource.Type.BROKER, ""),
                            List.of(set("log.cleaner.threads", "1"))),
                        new AlterConfigsOptions().validateOnly(true))
                    .all()));
    all.addAll(anotherVenues(desks));
    return all;
  }

  /** A desk that has one venue's credentials, and a user for it, wants to be another venue's. */
  private static List<Forbidden> anotherVenues(String desks) {
    String user = LockedPipeline.ONE_VENUE;
    String group = desks + "-" + LockedPipeline.VENUE;
    String fresh = group + "-orders-changelog";
    return List.of(
        join(user, group),
        as(Kind.ANOTHER_VENUE, commit(user, group + "-spare", Topics.INTENTS)),
        as(Kind.ANOTHER_VENUE, offsets(user, group)),
        as(Kind.ANOTHER_VENUE, write(user, desks + "-orders-changelog")),
        as(Kind.ANOTHER_VENUE, read(user, desks + "-orders-changelog")),
        admin(
            Kind.ANOTHER_VENUE,
            "makes a store of another venue's desk",
            user,
            topic(fresh, "CREATE"),
            admin ->
                admin
                    .createTopics(
                        List.of(new NewTopic(fresh, 1, (short) 1)),
                        new CreateTopicsOptions().validateOnly(true))
                    .all()));
  }

  private static Forbidden as(Kind kind, Forbidden one) {
    return new Forbidden(kind, one.what(), one.who(), one.lock(), one.deed());
  }

  /** As who would call that venue: the intents are shared out in the group. */
  private static Forbidden join(String user, String group) {
    return new Forbidden(
        Kind.ANOTHER_VENUE,
        "serves another venue in " + group,
        user,
        Right.group(group, false, AclOperation.READ),
        connection -> {
          try (var consumer = consumer(connection, group)) {
            consumer.subscribe(List.of(Topics.INTENTS));
            Awaitility.await("partitions")
                .atMost(Duration.ofSeconds(30))
                .until(
                    () -> {
                      consumer.poll(Duration.ofMillis(100));
                      return !consumer.assignment().isEmpty();
                    });
          }
        });
  }

  static Right topic(String name, String operation) {
    return Right.topic(name, AclOperation.valueOf(operation));
  }

  private static AlterConfigOp set(String key, String value) {
    return new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
  }

  /** What is written is no record of ours: whoever reads it puts it aside. */
  private static Forbidden write(String user, String topic) {
    return new Forbidden(
        Kind.WRITES,
        "writes " + topic,
        user,
        topic(topic, "WRITE"),
        connection -> {
          Properties settings = connection.producer("test");
          settings.put("max.block.ms", "10000");
          try (var producer = LocksTest.producer(settings)) {
            producer
                .send(new ProducerRecord<>(topic, 0, "test".getBytes(), new byte[] {1}))
                .get(30, TimeUnit.SECONDS);
          }
        });
  }

  private static Forbidden read(String user, String topic) {
    return new Forbidden(
        Kind.READS,
        "reads " + topic,
        user,
        topic(topic, "READ"),
        connection -> {
          try (var consumer = consumer(connection, null)) {
            var partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            consumer.poll(Duration.ofMillis(200));
            consumer.position(partition);
            consumer.poll(Duration.ofMillis(100));
          }
        });
  }

  private static KafkaConsumer<byte[], byte[]> consumer(KafkaConnection connection, String group) {
    Properties settings = connection.consumer("test");
    if (group != null) {
      settings.put("group.id", group);
    }
    settings.put("fetch.max.wait.ms", "20");
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static Forbidden offsets(String user, String group) {
    return admin(
        Kind.GROUPS_AND_TRANSACTIONS,
        "looks at offsets of " + group,
        user,
        Right.group(group, false, AclOperation.DESCRIBE),
        admin -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
  }

  private static Forbidden commit(String user, String group, String topic) {
    return admin(
        Kind.GROUPS_AND_TRANSACTIONS,
        "sets offsets of " + group,
        user,
        Right.group(group, false, AclOperation.READ),
        admin ->
            admin
                .alterConsumerGroupOffsets(
                    group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(0)))
                .all());
  }

  private static Forbidden transaction(String user, String id) {
    return new Forbidden(
        Kind.GROUPS_AND_TRANSACTIONS,
        "has transactions as " + id,
        user,
        new Right(ResourceType.TRANSACTIONAL_ID, id, false, AclOperation.WRITE),
        connection -> {
          Properties settings = connection.producer("test");
          settings.put("transactional.id", id);
          settings.put("transaction.timeout.ms", "5000");
          try (var producer = LocksTest.producer(settings)) {
            producer.initTransactions();
          }
        });
  }

  private interface Asked {
    org.apache.kafka.common.KafkaFuture<?> of(Admin admin);
  }

  private static Forbidden admin(String what, String user, Right lock, Asked asked) {
    return admin(Kind.ADMINISTRATION, what, user, lock, asked);
  }

  private static Forbidden admin(Kind kind, String what, String user, Right lock, Asked asked) {
    return new Forbidden(
        kind,
        what,
        user,
        lock,
        connection -> {
          try (Admin admin = Admin.create(connection.admin("test"))) {
            asked.of(admin).get(30, TimeUnit.SECONDS);
          }
        });
  }
}
