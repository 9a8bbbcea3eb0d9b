package io.countermand.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Looks before a role starts whether its topics are there, and fit together. */
public final class TopicCheck {

  private static final long WITHIN_SECONDS = 30;

  private TopicCheck() {}

  /**
   * @param sameCount topics that must have the same partition count
   * @param others topics that must exist
   * @return that partition count
   * @throws IllegalStateException if a topic is missing or counts differ; says what to do
   */
  public static int partitions(
      KafkaConnection connection, List<String> sameCount, List<String> others) {
    List<String> all = new ArrayList<>(sameCount);
    all.addAll(others);
    try (Admin admin = Admin.create(connection.admin("check"))) {
      Map<String, KafkaFuture<TopicDescription>> found =
          admin.describeTopics(all).topicNameValues();
      List<String> missing = new ArrayList<>();
      int partitions = -1;
      for (var entry : found.entrySet()) {
        String topic = entry.getKey();
        int count;
        try {
          count = entry.getValue().get(WITHIN_SECONDS, TimeUnit.SECONDS).partitions().size();
        } catch (ExecutionException e) {
          if (e.getCause() instanceof UnknownTopicOrPartitionException) {
            missing.add(topic);
            continue;
          }
          throw new IllegalStateException(
              "Kafka at " + connection.bootstrapServers() + " cannot be asked: " + e.getCause(), e);
        }
        if (sameCount.contains(topic)) {
          if (partitions >= 0 && partitions != count) {
            throw new IllegalStateException(
                "topics "
                    + sameCount
                    + " must have the same partition count; "
                    + topic
                    + " has "
                    + count
                    + ", others have "
                    + partitions);
          }
          partitions = count;
        }
      }
      if (!missing.isEmpty()) {
        throw new IllegalStateException(
            "missing topics " + missing + ": run `countermand topics apply` first");
      }
      return partitions;
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "Kafka at " + connection.bootstrapServers() + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while looking at the topics", e);
    }
  }
}
