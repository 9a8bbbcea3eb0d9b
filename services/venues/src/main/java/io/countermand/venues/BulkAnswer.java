package io.countermand.venues;

import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of one {@link VenueAdapter#cancelAll}. Immutable.
 *
 * @param answer of the whole call: {@code Accepted} if the venue named the orders that it took;
 *     never {@code Refused} where a call was made, since that says nothing of a single cancel
 * @param orderIds the orders that it named; empty unless {@code Accepted}
 */
public record BulkAnswer(CallResult answer, Set<String> orderIds) {

  /** How the record of an order's answer begins that was one of many orders. */
  public static final String RECORDED = "all of the account: ";

  private static final String NAMED = "this order is named: ";
  private static final String UNNAMED = "this order is not named: ";

  public BulkAnswer {
    orderIds = Set.copyOf(orderIds); // each order looks
  }

  /** The venue has no such call; none was made. */
  public static BulkAnswer none(CallResult answer) {
    return new BulkAnswer(answer, Set.of());
  }

  /**
   * The answer as the record of one order's attempt keeps it: first whether it names the order,
   * since of a long one only the beginning is kept. Null: none came.
   */
  public @Nullable String recorded(String orderId) {
    String response = answer.response();
    if (response == null) {
      return null;
    }
    boolean tells = answer.reply() instanceof Reply.Accepted;
    String which = !tells ? "" : orderIds.contains(orderId) ? NAMED : UNNAMED;
    return RECORDED + which + response;
  }

  /** The answer alone, of what {@link #recorded} made of it. */
  public static String response(String recorded) {
    String rest = recorded.substring(RECORDED.length());
    return rest.startsWith(NAMED)
        ? rest.substring(NAMED.length())
        : rest.startsWith(UNNAMED) ? rest.substring(UNNAMED.length()) : rest;
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
    return whole instanceof Reply.Accepted(ReplyDetails told) && !orderIds.contains(orderId)
        ? new Reply.Ambiguous(
            ReplyDetails.of(told.code(), "not among the orders that the call took"))
        : whole;
  }
}
