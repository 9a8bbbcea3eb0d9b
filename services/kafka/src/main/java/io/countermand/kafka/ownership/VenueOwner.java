package io.countermand.kafka.ownership;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Which group of desks has a venue, as far as a hand-over said so: the words beside an offset of a
 * group that nobody joins. Kafka forgets them after {@code offsets.retention.minutes}, a week by
 * default. It guards against a wrong name only; what decides stands in cancel-intents.
 *
 * @param group of that name
 * @param partition any of cancel-intents
 */
record VenueOwner(String group, TopicPartition partition) {

  private static final long WITHIN_SECONDS = 30;
  private static final String OWNER = "owner=";

  /** Empty: never said, or forgotten. */
  Optional<String> read(Admin admin)
      throws ExecutionException, InterruptedException, TimeoutException {
    try {
      OffsetAndMetadata kept =
          admin
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get(WITHIN_SECONDS, TimeUnit.SECONDS)
              .get(partition);
      return kept == null || !kept.metadata().startsWith(OWNER)
          ? Optional.empty()
          : Optional.of(kept.metadata().substring(OWNER.length()));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  void write(Admin admin, String owner)
      throws ExecutionException, InterruptedException, TimeoutException {
    admin
        .alterConsumerGroupOffsets(
            group, Map.of(partition, new OffsetAndMetadata(0, OWNER + owner)))
        .all()
        .get(WITHIN_SECONDS, TimeUnit.SECONDS);
  }
}
