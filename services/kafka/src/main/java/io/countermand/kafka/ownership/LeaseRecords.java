package io.countermand.kafka.ownership;

import io.countermand.domain.lease.Lease;
import io.countermand.domain.order.OrderRef;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
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
 * What cancel-progress says of leases, in headers, so that it can be read in the order of the log,
 * whatever becomes of a record's value.
 *
 * <p>A desk's lease is a record without key and value, since it is about no order. Its header says,
 * line by line: id, first offset, first offset behind, until (microseconds since 1970), decisions
 * before it, first offset not read, "held" or "ended", and the venues, if not all.
 *
 * <p>A desk's decision under a lease has its place in a header, in numbers of seven bits a byte,
 * the lowest first: the lease's id, the decision's number, its intent's offset, and how far behind
 * that the first offset is that was not read; then, if it is a call's marker, which call's (a short
 * hash of the attempt's id). A marker under no lease has it, too; its first two numbers are 0. A
 * later version may say more behind them.
 */
public final class LeaseRecords {

  static final String HEADER = "countermand-lease";

  /** Of every decision under a lease and of every marker, so it is short. */
  static final String PLACE = "place";

  private static final int MOST_BITS = 63;

  /** Of a lease's header; the ledger keeps leases, and must have room for them. */
  private static final int MOST_BYTES = 16 * 1024;

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
    String venues = "";
    for (String venue : lease.venues().stream().sorted().toList()) {
      venues += "\n" + venue;
    }
    byte[] bytes = (text + venues).getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MOST_BYTES) { // of all venues, which is more than it covers
      bytes = text.getBytes(StandardCharsets.UTF_8);
    }
    return new RecordHeaders().add(HEADER, bytes);
  }

  /**
   * What a record of cancel-progress says.
   *
   * @return null: it is no lease, or says nothing that can be
   */
  public static @Nullable Lease read(byte @Nullable [] value, Headers headers) {
    Header header = value == null ? headers.lastHeader(HEADER) : null;
    if (header == null || header.value() == null || header.value().length > MOST_BYTES) {
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

  /** Says a decision's or a marker's place in its record's headers. */
  public static void add(Headers headers, Lease.Place place) {
    var bytes = new ByteArrayOutputStream(16);
    write(bytes, place.lease());
    write(bytes, place.number());
    write(bytes, place.intent());
    write(bytes, place.readTo() - place.intent());
    if (place.attempt() != Lease.Place.NOT_TOLD) {
      write(bytes, place.attempt());
    }
    headers.add(PLACE, bytes.toByteArray());
  }

  /**
   * The place of a decision or a marker, which need not be readable itself.
   *
   * @return null: it has none, or says nothing that can be
   */
  public static Lease.@Nullable Place place(byte @Nullable [] value, Headers headers) {
    Header header = value == null ? null : headers.lastHeader(PLACE);
    if (header == null || header.value() == null) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(header.value());
    long lease = number(bytes);
    long number = number(bytes);
    long intent = number(bytes);
    long readTo = intent + number(bytes);
    long attempt = Math.max(number(bytes), Lease.Place.NOT_TOLD);
    boolean canBe =
        lease == Lease.Place.NO_LEASE ? number == 0 && attempt > 0 : lease > 0 && number > 0;
    return canBe && intent >= 0 && readTo > intent
        ? new Lease.Place(lease, number, intent, readTo, attempt)
        : null;
  }

  /** The venue of a record's order, by its key; null: it is no order's. */
  public static @Nullable String venue(byte @Nullable [] key) {
    String text = key == null ? "" : new String(key, StandardCharsets.UTF_8);
    int end = text.indexOf('/');
    if (end <= 0) {
      return null;
    }
    try {
      String venue = URLDecoder.decode(text.substring(0, end), StandardCharsets.UTF_8);
      return OrderRef.encode(venue).equals(text.substring(0, end)) ? venue : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static void write(ByteArrayOutputStream to, long number) {
    long left = number;
    while (left > 0x7f) {
      to.write((int) ((left & 0x7f) | 0x80));
      left >>>= 7;
    }
    to.write((int) left);
  }

  /** Below 0: there is none, or one that is too large. */
  private static long number(ByteBuffer from) {
    long number = 0;
    for (int bits = 0; from.hasRemaining() && bits < MOST_BITS; bits += 7) {
      byte next = from.get();
      number |= (long) (next & 0x7f) << bits;
      if (next >= 0) {
        return number;
      }
    }
    return -1;
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
