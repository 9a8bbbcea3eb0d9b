package io.countermand.kafka.ownership;

import io.countermand.domain.decision.HandOver;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.OffsetsCheck;
import io.countermand.platform.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes the records by which a venue goes from one group of desks to another. */
public final class HandOvers {

  private static final long WITHIN_SECONDS = 30;

  private final KafkaConnection connection;
  private final String venue;
  private final VenueOwner owner;

  /**
   * @param venue that is handed over
   * @param notes prefix of the group under which it is noted who has the venue
   */
  public HandOvers(KafkaConnection connection, String venue, String notes) {
    this.connection = connection;
    this.venue = venue;
    this.owner =
        new VenueOwner(notes + "-hand-over-" + venue, new TopicPartition(Topics.INTENTS, 0));
  }

  /**
   * Makes a group that reads along from the end of its topics and decides nothing before a venue is
   * handed over to it. Again is no different, as long as it has not read.
   *
   * @param from group that has the venue now
   * @param sources topics that a desk begins at their end
   * @throws IllegalStateException if the venue is another's than {@code from}; if the next group
   *     has read intents before: it needs no announcement, or is the one that decides; or Kafka
   *     does not do it
   */
  public void announce(String from, String to, Collection<String> sources) {
    try (Admin admin = Admin.create(connection.admin("hand-over"))) {
      Map<TopicPartition, OffsetAndMetadata> read = offsets(admin, to);
      if (!read.values().stream()
          .allMatch(each -> each.metadata().startsWith(OffsetsCheck.HANDED_OVER))) {
        throw new IllegalStateException(
            "group " + to + " has read intents already: nothing is to be announced to it");
      }
      shouldBeOf(admin, from, from);
      owner.write(admin, from);
      if (!read.isEmpty()) {
        return; // announced before
      }
      Map<TopicPartition, OffsetAndMetadata> first = new HashMap<>();
      for (String topic : sources) {
        ends(admin, topic)
            .forEach(
                (partition, end) ->
                    first.put(partition, new OffsetAndMetadata(end, OffsetsCheck.HANDED_OVER)));
      }
      admin.alterConsumerGroupOffsets(to, first).all().get(WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw failed(e);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /**
   * From this record on, in each partition, the next group decides.
   *
   * @return the record's offset, by partition
   * @param from group that has the venue now. Another one's name would make two groups decide
   * @throws IllegalStateException if no desk of the next group runs, or it has no offsets: its
   *     intents would be nobody's meanwhile; if {@code from} has read no intent, or the last
   *     announcement or hand-over named another; or Kafka does not do it
   */
  public Map<Integer, Long> complete(String from, String to) {
    try (Admin admin = Admin.create(connection.admin("hand-over"))) {
      int partitions = ends(admin, Topics.INTENTS).size();
      if (offsets(admin, to).size() < partitions) {
        throw new IllegalStateException(
            "group " + to + " has no offsets for " + Topics.INTENTS + ": announce it first");
      }
      shouldBeOf(admin, from, to);
      boolean runs =
          admin
              .describeConsumerGroups(List.of(to))
              .all()
              .get(WITHIN_SECONDS, TimeUnit.SECONDS)
              .values()
              .stream()
              .anyMatch(group -> !group.members().isEmpty());
      if (!runs) {
        throw new IllegalStateException("no desk of group " + to + " runs: start it first");
      }
      Map<Integer, Long> written = write(admin, new HandOver(venue, from, to));
      owner.write(admin, to);
      return written;
    } catch (ExecutionException | TimeoutException e) {
      throw failed(e);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /** With a wrong name the group that decides would go on, beside the next. */
  private void shouldBeOf(Admin admin, String from, String orElse)
      throws ExecutionException, InterruptedException, TimeoutException {
    Optional<String> noted = owner.read(admin);
    if (noted.isPresent() && !noted.get().equals(from) && !noted.get().equals(orElse)) {
      throw new IllegalStateException(
          venue
              + " is group "
              + noted.get()
              + "'s by the last hand-over or announcement, not "
              + from
              + "'s: give its --venues as --from");
    }
    if (offsets(admin, from).isEmpty()) {
      throw new IllegalStateException(
          "group " + from + " has read no intent: is it the right one?");
    }
  }

  private Map<Integer, Long> write(Admin admin, HandOver record)
      throws ExecutionException, InterruptedException, TimeoutException {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    Map<Integer, Long> offsets = new TreeMap<>();
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            connection.producer("hand-over"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (TopicPartition one : ends(admin, Topics.INTENTS).keySet()) {
        sent.add(producer.send(HandOverRecords.of(record, one.partition())));
      }
      for (Future<RecordMetadata> each : sent) {
        RecordMetadata written = each.get(WITHIN_SECONDS, TimeUnit.SECONDS);
        offsets.put(written.partition(), written.offset());
      }
    }
    return offsets;
  }

  /** Of cancel-intents. */
  private static Map<TopicPartition, OffsetAndMetadata> offsets(Admin admin, String group)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetAndMetadata> read = new HashMap<>();
    try {
      admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get(WITHIN_SECONDS, TimeUnit.SECONDS)
          .forEach(
              (partition, offset) -> {
                if (offset != null && partition.topic().equals(Topics.INTENTS)) {
                  read.put(partition, offset);
                }
              });
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof GroupIdNotFoundException)) {
        throw e;
      }
    }
    return read;
  }

  private static Map<TopicPartition, Long> ends(Admin admin, String topic)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
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
                        each ->
                            wanted.put(
                                new TopicPartition(topic, each.partition()), OffsetSpec.latest())));
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin
        .listOffsets(wanted)
        .all()
        .get(WITHIN_SECONDS, TimeUnit.SECONDS)
        .forEach((partition, end) -> ends.put(partition, end.offset()));
    return ends;
  }

  private IllegalStateException failed(Exception e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new IllegalStateException(
        "Kafka at " + connection.bootstrapServers() + " did not do it: " + cause, e);
  }

  private static IllegalStateException interrupted() {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted");
  }
}
