package io.countermand.worker;

import io.countermand.domain.WorkerRules;
import io.countermand.kafka.KafkaConnection;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.limits.Budget;
import io.countermand.venues.limits.VenueGovernor;
import java.time.Duration;

/**
 * How a worker of one venue instance is set up.
 *
 * @param venue instance name, as in the topics
 * @param budget this process' part of what the credential may call
 * @param governor pauses of the credential
 * @param concurrency calls in flight, status queries and retries included
 * @param batch records taken at once, at the most; they stay with this process until their turn
 * @param source how requests are taken from Kafka
 * @param drain how long a stop waits for calls under way
 */
public record WorkerSettings(
    KafkaConnection connection,
    String venue,
    VenueAdapter adapter,
    Budget budget,
    VenueGovernor governor,
    WorkerRules rules,
    int concurrency,
    int batch,
    Source source,
    Duration drain) {

  /** How requests are taken from Kafka. */
  public enum Source {
    /** A share group: any worker takes any record, a dead worker stalls nobody. Kafka 4.2+. */
    SHARE,
    /** A consumer group: works on every broker; a dead worker's partitions wait for its session. */
    GROUP
  }
}
