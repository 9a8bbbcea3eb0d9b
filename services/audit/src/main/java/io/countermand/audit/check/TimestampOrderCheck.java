package io.countermand.audit.check;

import io.countermand.domain.order.Evidence;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;

/** Whether a partition's timestamps go backwards by more than clocks do. One thread. */
public final class TimestampOrderCheck {

  /** The broker's clock, or the ledger's after a change of its place. */
  private static final long BACK_MILLIS = Duration.ofSeconds(10).toMillis();

  /** Topics that the broker stamps. */
  public static final Set<String> STAMPED = Set.of(Topics.INTENTS, Topics.PROGRESS);

  private final Findings findings;
  private final boolean looking;
  private long newest = Long.MIN_VALUE;

  /**
   * @param looking false: several writers, whose buffers may be older
   */
  public TimestampOrderCheck(Findings findings, boolean looking) {
    this.findings = findings;
    this.looking = looking;
  }

  public void see(ConsumerRecord<byte[], byte[]> record) {
    boolean stamped = STAMPED.contains(record.topic());
    if (!looking || (stamped && record.timestampType() != TimestampType.LOG_APPEND_TIME)) {
      return;
    }
    if (newest != Long.MIN_VALUE && record.timestamp() < newest - BACK_MILLIS) {
      findings.add(
          DifferenceKind.OUT_OF_ORDER,
          null,
          null,
          "it is " + (newest - record.timestamp()) + " ms older than a record before it",
          List.of(new Evidence(record.topic(), record.partition(), record.offset())));
    }
    newest = Math.max(newest, record.timestamp());
  }
}
