package io.countermand.venues;

import io.countermand.domain.Reply;
import io.countermand.domain.Told;
import java.util.Set;

/**
 * What became of one {@link VenueAdapter#cancelAll}. Immutable.
 *
 * @param answer of the whole call: {@code Accepted} if the venue named the orders that it took;
 *     never {@code Refused} where a call was made, since that says nothing of a single cancel
 * @param orderIds the orders that it named; empty unless {@code Accepted}
 */
public record BulkAnswer(Answer answer, Set<String> orderIds) {

  /** How the record of an order's answer begins that was one of many orders. */
  public static final String RECORDED = "all of the account: ";

  public BulkAnswer {
    orderIds = Set.copyOf(orderIds); // each order looks
  }

  /** The venue has no such call; none was made. */
  public static BulkAnswer none(Answer answer) {
    return new BulkAnswer(answer, Set.of());
  }

  /** What it means for one order that the call was to cancel; see {@link #of}. */
  public Reply of(String orderId) {
    return of(answer.reply(), orderIds, orderId);
  }

  /**
   * An order that the venue did not name may have been hit all the same, or have ended before: that
   * is ambiguous, never a refusal.
   *
   * @param whole of the whole call
   */
  public static Reply of(Reply whole, Set<String> orderIds, String orderId) {
    return whole instanceof Reply.Accepted(Told told) && !orderIds.contains(orderId)
        ? new Reply.Ambiguous(Told.of(told.code(), "not among the orders that the call took"))
        : whole;
  }
}
