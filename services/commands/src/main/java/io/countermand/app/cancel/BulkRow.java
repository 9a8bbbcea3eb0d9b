package io.countermand.app.cancel;

import io.countermand.events.OrderKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One cancel of a file.
 *
 * @param line in the file, from 1
 * @param cancelId null: derived from the batch and the order
 */
record BulkRow(
    int line,
    OrderKey order,
    @Nullable String cancelId,
    @Nullable String strategyId,
    @Nullable String clOrdId,
    Options options) {

  private static final int DIGEST = 16;

  /** What else a cancel says, from its row or from the command's flags. */
  record Options(
      Duration within,
      @Nullable String reason,
      boolean override,
      boolean automated,
      @Nullable Integer priority) {}

  /** Whether it asks for the very same, wherever it stands. */
  boolean same(BulkRow other) {
    return equals(
        new BulkRow(
            line, other.order, other.cancelId, other.strategyId, other.clOrdId, other.options));
  }

  /** The same whenever the batch is run again, whatever else stands in the file by then. */
  String idIn(String batch) {
    if (cancelId != null) {
      return cancelId;
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(order.key().getBytes(StandardCharsets.UTF_8));
      return batch + "-" + HexFormat.of().formatHex(digest, 0, DIGEST);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
