package io.countermand.kafka.streams;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * A record of a task was lost, or nobody knows whether it was. Nothing behind it was written, and
 * nothing more may be, offsets included: whoever takes the task's partitions up reads again from
 * what was committed before.
 */
final class LostRecordException extends KafkaException {

  LostRecordException(Exception cause) {
    super("a record was lost: " + cause.getMessage(), cause);
  }

  /**
   * Whether {@code error} comes of a broker that could not be reached, or took nothing, in time.
   */
  static boolean inAnOutage(Throwable error) {
    @Nullable Throwable each = error;
    while (each != null) {
      if (each instanceof LostRecordException lost) {
        return lost.getCause() instanceof RetriableException;
      }
      each = each.getCause();
    }
    return false;
  }
}
