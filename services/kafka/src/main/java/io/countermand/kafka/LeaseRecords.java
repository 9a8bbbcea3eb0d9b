package io.countermand.kafka;

import io.countermand.domain.lease.Lease;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A desk's lease in cancel-progress: a record without key and value, since it is about no order,
 * and what it says in a header, line by line: id, first offset, first offset behind, until
 * (microseconds since 1970), decisions before it, first offset not read, "held" or "ended", and the
 * venues, if not all.
 */
public final class LeaseRecords {

  static final String HEADER = "countermand-lease";
  private static final String HELD = "held";
  private static final String ENDED = "ended";
  private static final int LINES = 7;

  private LeaseRecords() {}

  /** The headers of the record that says it. */
  public static Headers headers(Lease lease) {
    String text =
        String.join(
            "\n",
            Long.toString(lease.id()),
            Long.toString(lease.fromOffset()),
            Long.toString(lease.toOffset()),
            Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, lease.until())),
            Long.toString(lease.decisions()),
            Long.toString(lease.readTo()),
            lease.ended() ? ENDED : HELD);
    for (String venue : lease.venues().stream().sorted().toList()) {
      text += "\n" + venue;
    }
    return new RecordHeaders().add(HEADER, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What a record of cancel-progress says.
   *
   * @return null: it is no lease, or says nothing that can be
   */
  public static @Nullable Lease read(byte @Nullable [] value, Headers headers) {
    Header header = value == null ? headers.lastHeader(HEADER) : null;
    if (header == null || header.value() == null) {
      return null;
    }
    List<String> lines =
        List.of(new String(header.value(), StandardCharsets.UTF_8).split("\n", -1));
    if (lines.size() < LINES || !(lines.get(6).equals(HELD) || lines.get(6).equals(ENDED))) {
      return null;
    }
    try {
      var lease =
          new Lease(
              Long.parseLong(lines.get(0)),
              Set.copyOf(lines.subList(LINES, lines.size())),
              Long.parseLong(lines.get(1)),
              Long.parseLong(lines.get(2)),
              Instant.EPOCH.plus(Long.parseLong(lines.get(3)), ChronoUnit.MICROS),
              Long.parseLong(lines.get(4)),
              Long.parseLong(lines.get(5)),
              lines.get(6).equals(ENDED));
      return canBe(lease) ? lease : null;
    } catch (ArithmeticException | IllegalArgumentException | java.time.DateTimeException e) {
      return null;
    }
  }

  private static boolean canBe(Lease lease) {
    return lease.id() > 0
        && lease.fromOffset() >= 0
        && lease.toOffset() >= lease.fromOffset()
        && lease.readTo() >= lease.fromOffset()
        && lease.decisions() >= 0
        && lease.decisions() < Long.MAX_VALUE
        && lease.readTo() < Long.MAX_VALUE;
  }
}
