package io.countermand.venues.ended;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrdStatus;
import io.countermand.venues.CallResult;
import io.countermand.venues.ForwardingAdapter;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.limits.Budget;
import java.time.Duration;

/**
 * A venue that is asked for what it recorded of an order where its status query tells neither "it
 * has ended so" nor "it was never here". What the record adds is how the order ended; whatever else
 * it says, the first answer stands. The further call takes a permit of its own where half of those
 * that can gather are left: cancels that wait leave none. Where the venue refuses such calls as
 * such, none is made for an hour. Thread-safe.
 */
public final class EndedByHistory extends ForwardingAdapter {

  private static final Duration REFUSED = Duration.ofHours(1);

  private final Budget budget;
  private volatile long askedFromNanos = System.nanoTime();

  /**
   * @param budget of the credential
   */
  public EndedByHistory(VenueAdapter venue, Budget budget) {
    super(venue);
    this.budget = budget;
  }

  @Override
  public CallResult status(CancelRequest request, Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    CallResult told = venue.status(request, timeout);
    Duration left = Duration.ofNanos(end - System.nanoTime());
    if (!unclear(told.reply())
        || !left.isPositive()
        || System.nanoTime() - askedFromNanos < 0
        || budget.available() < Math.max(2, (budget.burst() + 1) / 2)
        || !budget.tryAcquire()) {
      return told;
    }
    CallResult recorded = venue.history(request, left);
    if (!recorded.sent()) {
      budget.giveBack();
    } else if (refused(recorded.reply())) {
      askedFromNanos = System.nanoTime() + REFUSED.toNanos();
    }
    return recorded.reply() instanceof Reply.Status status && ended(status) ? recorded : told;
  }

  private static boolean unclear(Reply reply) {
    return reply instanceof Reply.GoneOrUnknown;
  }

  /** A 4xx that is not about the order: the route, the credential or the rate. */
  private static boolean refused(Reply reply) {
    String code = reply.told().code();
    return code != null
        && code.matches("4\\d\\d")
        && (reply instanceof Reply.Ambiguous
            || reply instanceof Reply.Unauthorized
            || reply instanceof Reply.RetryLater);
  }

  private static boolean ended(Reply.Status status) {
    OrdStatus how = status.told().ordStatus();
    return how != null && how.terminal();
  }
}
