package io.countermand.kafka;

import io.countermand.platform.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks before a role starts whether its group would read from the beginning what was answered long
 * ago: offsets expired or were deleted, the application id was changed, a changelog is gone. Where
 * outcomes have been written, such a start is refused; {@link #startAnew} is the way on.
 */
public final class OffsetsCheck {

  private static final Logger LOG = LoggerFactory.getLogger(OffsetsCheck.class);
  private static final long WITHIN_SECONDS = 30;

  /** Stands with an offset that {@link #startAnew} has set, until the role commits its own. */
  private static final String ANEW = "countermand start-anew";

  /** Stands with the first offsets of a group that is made to be handed venues. */
  public static final String HANDED_OVER = "countermand hand-over";

  private final KafkaConnection connection;
  private final String role;
  private final String group;

  /**
   * @param role {@code desk} or {@code ledger}
   * @param group its application id
   */
  public OffsetsCheck(KafkaConnection connection, String role, String group) {
    this.connection = connection;
    this.role = role;
    this.group = group;
  }

  /**
   * The ledger may start if its store or its offsets are there: the store says what was read.
   *
   * @param store that has a record for whatever was read
   * @return by partition: the first intent that it reads where it starts anew
   * @throws IllegalStateException if it would answer again what has its outcome
   */
  public Map<Integer, Long> ledger(Collection<String> sources, String store) {
    return with(
        admin -> {
          Map<TopicPartition, OffsetAndMetadata> offsets = offsets(admin);
          Map<Integer, Long> outcomes = ends(admin, Topics.OUTCOMES);
          Map<Integer, Long> kept = ends(admin, group + "-" + store + "-changelog");
          Map<Integer, Long> startsAt = new HashMap<>();
          List<Integer> unread = new ArrayList<>();
          List<Integer> lost = new ArrayList<>();
          for (var outcome : outcomes.entrySet()) {
            int partition = outcome.getKey();
            boolean answered = outcome.getValue() > 0;
            var intents = offsets.get(new TopicPartition(Topics.INTENTS, partition));
            boolean known = kept.getOrDefault(partition, 0L) > 0;
            boolean read =
                sources.stream()
                    .anyMatch(topic -> offsets.get(new TopicPartition(topic, partition)) != null);
            if (intents != null && intents.metadata().startsWith(ANEW)) {
              startsAt.put(partition, intents.offset());
            } else if (intents == null && known && answered) {
              LOG.atWarn()
                  .addKeyValue("group", group)
                  .addKeyValue("partition", partition)
                  .log("no offset, though its store knows what was read; that is passed over");
            } else if (intents == null && !known && answered) {
              unread.add(partition);
            } else if (read && !known) {
              lost.add(partition);
            }
          }
          if (!unread.isEmpty()) {
            throw refused(
                "group " + group + " has no offsets for " + Topics.INTENTS, unread, "answered");
          }
          if (!lost.isEmpty()) {
            throw refused(
                "the store of group " + group + " (its changelog) is gone", lost, "answered");
          }
          return startsAt;
        });
  }

  /**
   * The desk may start where its group has offsets or nothing was answered yet. Its first start
   * writes offsets, since it commits its own later than the first outcomes can be there: if it is
   * killed before, none would be taken for lost.
   *
   * @return partitions of which the group has read nothing yet, and whose intents it decides only
   *     when a venue is handed over to it
   * @throws IllegalStateException if it would decide again what has its outcome
   */
  public Set<Integer> desk() {
    return with(
        admin -> {
          Map<TopicPartition, OffsetAndMetadata> offsets = offsets(admin);
          List<Integer> unread = new ArrayList<>();
          Map<TopicPartition, OffsetSpec> first = new HashMap<>();
          ends(admin, Topics.OUTCOMES)
              .forEach(
                  (partition, end) -> {
                    var intents = new TopicPartition(Topics.INTENTS, partition);
                    if (offsets.get(intents) == null && end > 0) {
                      unread.add(partition);
                    } else if (offsets.get(intents) == null) {
                      first.put(intents, OffsetSpec.earliest());
                    }
                  });
          if (!unread.isEmpty()) {
            throw refused(
                "group " + group + " has no offsets for " + Topics.INTENTS, unread, "decided");
          }
          begin(admin, first);
          Set<Integer> handedOver = new HashSet<>();
          offsets.forEach(
              (partition, offset) -> {
                if (partition.topic().equals(Topics.INTENTS)
                    && offset.metadata().startsWith(HANDED_OVER)) {
                  handedOver.add(partition.partition());
                }
              });
          return handedOver;
        });
  }

  private void begin(Admin admin, Map<TopicPartition, OffsetSpec> first)
      throws ExecutionException, InterruptedException, TimeoutException {
    if (first.isEmpty()) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    admin
        .listOffsets(first)
        .all()
        .get(WITHIN_SECONDS, TimeUnit.SECONDS)
        .forEach((partition, at) -> offsets.put(partition, new OffsetAndMetadata(at.offset())));
    try {
      admin.alterConsumerGroupOffsets(group, offsets).all().get(WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      // Another process of the group runs: it has done this, or will commit.
      LOG.atInfo()
          .addKeyValue("group", group)
          .addKeyValue("cause", e.getCause())
          .log("first offsets not written");
    }
  }

  private IllegalStateException refused(String what, List<Integer> partitions, String done) {
    return new IllegalStateException(
        what
            + " (partitions "
            + partitions
            + "), but "
            + Topics.OUTCOMES
            + " has records there: intents of before would be "
            + done
            + " again. Was its application-id changed, or have offsets or internal topics been"
            + " deleted, or expired? Restore them; or run `countermand start-anew "
            + role
            + "`, which lets it go on at the end of its topics");
  }

  /**
   * Sets the group's offsets to the end of these topics.
   *
   * @return how many records of cancel-intents lie between the old offsets and the new ones, by
   *     partition
   * @throws IllegalStateException if a role of this group runs
   */
  public Map<Integer, Long> startAnew(Collection<String> topics) {
    return with(
        admin -> {
          Map<TopicPartition, OffsetAndMetadata> before = offsets(admin);
          Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
          Map<Integer, Long> skipped = new HashMap<>();
          for (String topic : topics) {
            ends(admin, topic)
                .forEach(
                    (partition, end) -> {
                      var at = new TopicPartition(topic, partition);
                      next.put(at, new OffsetAndMetadata(end, ANEW));
                      if (topic.equals(Topics.INTENTS)) {
                        var old = before.get(at);
                        skipped.put(partition, end - (old == null ? 0 : old.offset()));
                      }
                    });
          }
          admin.alterConsumerGroupOffsets(group, next).all().get(WITHIN_SECONDS, TimeUnit.SECONDS);
          return skipped;
        });
  }

  private interface Asking<T> {
    T of(Admin admin) throws ExecutionException, InterruptedException, TimeoutException;
  }

  private <T> T with(Asking<T> asking) {
    try (Admin admin = Admin.create(connection.admin("check"))) {
      return asking.of(admin);
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "group " + group + " cannot be asked for or changed: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "Kafka at " + connection.bootstrapServers() + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while looking at the offsets", e);
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> offsets(Admin admin)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetAndMetadata> all = new HashMap<>();
    try {
      admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get(WITHIN_SECONDS, TimeUnit.SECONDS)
          .forEach(
              (partition, offset) -> {
                if (offset != null) {
                  all.put(partition, offset);
                }
              });
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof GroupIdNotFoundException)) {
        throw e;
      }
    }
    return all;
  }

  /** End offsets by partition; empty: there is no such topic. */
  private static Map<Integer, Long> ends(Admin admin, String topic)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    try {
      admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get(WITHIN_SECONDS, TimeUnit.SECONDS)
          .values()
          .forEach(
              found ->
                  found
                      .partitions()
                      .forEach(
                          p ->
                              wanted.put(
                                  new TopicPartition(topic, p.partition()), OffsetSpec.latest())));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Map.of();
      }
      throw e;
    }
    Map<Integer, Long> ends = new HashMap<>();
    admin
        .listOffsets(wanted)
        .all()
        .get(WITHIN_SECONDS, TimeUnit.SECONDS)
        .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
    return ends;
  }
}
