package io.countermand.domain.order;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether an order event is older or newer than the state that is known. First by the venue's own
 * order, its sequence and its time:
 *
 * <pre>
 * sequence         | time newer    | time older    | times equal | no times
 * -----------------+---------------+---------------+-------------+--------------------
 * greater          | NEWER         | CONTRADICTORY | NEWER       | NEWER
 * less             | CONTRADICTORY | OLDER         | OLDER       | OLDER; CONTRADICTORY if
 *                  |               |               |             |   observed long after an end
 * equal, or none   | NEWER         | OLDER         | see below   | see below
 * </pre>
 *
 * Times less than {@link #WOBBLE} apart do not contradict a greater sequence. Where the venue gives
 * neither (or both are equal), an open event is OLDER if it is less far than the state or was
 * observed earlier; but one that was observed much later than an end of which the venue gives no
 * order is NEWER, too late to be merely late.
 */
public final class EventAge {

  /** Clocks of a venue's parts differ by so much. */
  static final Duration WOBBLE = Duration.ofSeconds(1);

  /** A source that lags behind another one lags by less. */
  public static final Duration LATEST = Duration.ofMinutes(1);

  enum Age {
    OLDER,
    /** Nothing says that it is older or newer. */
    SAME,
    NEWER,
    /** Its clock and its sequence, or its sequence and its arrival, say opposite things. */
    CONTRADICTORY
  }

  private EventAge() {}

  static Age of(OrderEvent event, OrderState old) {
    int bySequence = compare(event.sequence(), old.sequence());
    Instant time = event.venueTime();
    Instant oldTime = old.venueTime();
    int byTime = compare(time, oldTime);
    boolean timed = time != null && oldTime != null;
    if (bySequence > 0) {
      return byTime < 0 && apart(time, oldTime) ? Age.CONTRADICTORY : Age.NEWER;
    }
    if (bySequence < 0) {
      boolean anew = byTime > 0 || (!timed && old.terminal() && muchLater(event, old));
      return anew ? Age.CONTRADICTORY : Age.OLDER;
    }
    if (byTime != 0) {
      return byTime > 0 ? Age.NEWER : Age.OLDER;
    }
    return unordered(event, old, timed || (event.sequence() != null && old.sequence() != null));
  }

  /** Without the venue's own word on it. {@code repeated}: its sequence or time is the same. */
  private static Age unordered(OrderEvent event, OrderState old, boolean repeated) {
    boolean earlier = event.observedAt().isBefore(old.observedAt());
    if (event.correction()) {
      return earlier ? Age.OLDER : Age.SAME;
    }
    if (event.ordStatus().terminal()) {
      boolean former = old.disputed() && !old.terminal(); // the end before the order lived again
      return earlier && former ? Age.OLDER : Age.SAME;
    }
    if (old.terminal()) {
      return !repeated && muchLater(event, old) ? Age.NEWER : Age.OLDER;
    }
    return earlier || rank(event.ordStatus()) < rank(old.ordStatus()) ? Age.OLDER : Age.SAME;
  }

  static boolean newerByTheClock(OrderEvent event, OrderState old) {
    return compare(event.venueTime(), old.venueTime()) > 0;
  }

  /** Whether an end certainly belongs to the life that the state tells of. */
  static boolean certainlyNewer(OrderEvent event, OrderState old, Age age) {
    boolean silent = event.sequence() == null && event.venueTime() == null;
    return age == Age.NEWER
        || (age == Age.SAME && silent && !event.observedAt().isBefore(old.observedAt()));
  }

  private static boolean muchLater(OrderEvent event, OrderState old) {
    return event.observedAt().isAfter(old.observedAt().plus(LATEST));
  }

  private static boolean apart(@Nullable Instant one, @Nullable Instant other) {
    return one != null
        && other != null
        && Duration.between(one, other).abs().compareTo(WOBBLE) >= 0;
  }

  private static <T extends Comparable<T>> int compare(@Nullable T one, @Nullable T other) {
    return one == null || other == null ? 0 : one.compareTo(other);
  }

  /** How far an order has come; breaks ties where the venue gives neither sequence nor time. */
  private static int rank(OrdStatus status) {
    return switch (status) {
      case UNKNOWN -> 0;
      case PENDING_NEW, ACCEPTED_FOR_BIDDING -> 1;
      case NEW, SUSPENDED, STOPPED, CALCULATED, DONE_FOR_DAY, PENDING_REPLACE -> 2;
      case PARTIALLY_FILLED -> 3;
      case PENDING_CANCEL -> 3;
      case FILLED, CANCELED, REJECTED, EXPIRED -> 9;
    };
  }
}
