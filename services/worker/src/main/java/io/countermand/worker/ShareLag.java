package io.countermand.worker;

import io.countermand.kafka.KafkaConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the broker how many records a share group has not settled yet: the whole group's, since no
 * member of it knows. Each question waits for the broker.
 */
final class ShareLag implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ShareLag.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Admin admin;

  ShareLag(KafkaConnection connection, String venue) {
    this.admin = Admin.create(connection.admin("worker-lag-" + venue));
  }

  /** NaN while the broker does not say. */
  double of(String group) {
    try {
      return admin
          .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
          .partitionsToOffsetInfo(group)
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          .values()
          .stream()
          .mapToLong(ShareLag::known)
          .sum();
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      LOG.atDebug().addKeyValue("group", group).setCause(e).log("lag is not known");
      return Double.NaN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Double.NaN;
    }
  }

  private static long known(SharePartitionOffsetInfo partition) {
    return partition.lag().orElse(0L);
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
