package io.countermand.kafka.streams;

import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What open transactions hold back of the topics that a role reads: read_committed readers see
 * nothing behind the last stable offset, and their lag does not count it. Asks the brokers every
 * two seconds, on a thread of its own.
 */
final class HeldBack implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HeldBack.class);
  private static final long EVERY_MILLIS = 2_000;
  private static final int WITHIN_SECONDS = 10;

  private final Admin admin;
  private final List<String> topics;
  private final Map<TopicPartition, Standing> standing = new ConcurrentHashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("kafka-held-back").factory());

  HeldBack(Admin admin, List<String> topics) {
    this.admin = admin;
    this.topics = topics;
  }

  HeldBack start() {
    var _ = thread.scheduleWithFixedDelay(this::ask, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    return this;
  }

  /** Shows both of each topic. */
  HeldBack show(RoleMeters meters, Tags tags) {
    for (String topic : topics) {
      Tags labels = tags.and("topic", topic);
      meters.gauge(
          "countermand.held.back.records",
          "Records behind the last stable offset: open transactions hold them back",
          labels,
          () -> records(topic));
      meters.gauge(
          "countermand.held.back.seconds",
          "How long the last stable offset has stood still with records behind it",
          labels,
          () -> seconds(topic, System.nanoTime()));
    }
    return this;
  }

  private long records(String topic) {
    return of(topic).stream().mapToLong(Standing::records).sum();
  }

  private double seconds(String topic, long now) {
    return of(topic).stream().mapToDouble(each -> each.seconds(now)).max().orElse(0);
  }

  private List<Standing> of(String topic) {
    List<Standing> found = new ArrayList<>();
    standing.forEach(
        (partition, each) -> {
          if (partition.topic().equals(topic)) {
            found.add(each);
          }
        });
    return found;
  }

  private void ask() {
    try {
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      admin
          .describeTopics(topics)
          .allTopicNames()
          .get(WITHIN_SECONDS, TimeUnit.SECONDS)
          .forEach(
              (topic, about) ->
                  about
                      .partitions()
                      .forEach(
                          each ->
                              latest.put(
                                  new TopicPartition(topic, each.partition()),
                                  OffsetSpec.latest())));
      // The stable offsets first: what is committed between the two is not held back for long.
      Map<TopicPartition, ListOffsetsResultInfo> stable =
          offsets(latest, IsolationLevel.READ_COMMITTED);
      Map<TopicPartition, ListOffsetsResultInfo> ends =
          offsets(latest, IsolationLevel.READ_UNCOMMITTED);
      long now = System.nanoTime();
      ends.forEach(
          (partition, end) -> {
            ListOffsetsResultInfo at = stable.get(partition);
            if (at != null) {
              standing.compute(
                  partition, (_, known) -> Standing.next(known, at.offset(), end.offset(), now));
            }
          });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) { // the next time; the last picture stays, and its age goes on growing
      LOG.atDebug().addKeyValue("error", e.toString()).log("brokers cannot be asked for offsets");
    }
  }

  private Map<TopicPartition, ListOffsetsResultInfo> offsets(
      Map<TopicPartition, OffsetSpec> latest, IsolationLevel isolation)
      throws InterruptedException, ExecutionException, java.util.concurrent.TimeoutException {
    return admin
        .listOffsets(latest, new ListOffsetsOptions(isolation))
        .all()
        .get(WITHIN_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    admin.close();
  }

  /**
   * One partition.
   *
   * @param stable last stable offset
   * @param end of the log
   * @param since when it was first seen to stand there with records behind it, by nanoTime
   */
  record Standing(long stable, long end, long since) {

    static Standing next(@Nullable Standing known, long stable, long end, long now) {
      long since =
          known != null && known.records() > 0 && known.stable() == stable ? known.since() : now;
      return new Standing(stable, Math.max(stable, end), since);
    }

    long records() {
      return end - stable;
    }

    double seconds(long now) {
      return records() == 0 ? 0 : (now - since) / 1e9;
    }
  }
}
