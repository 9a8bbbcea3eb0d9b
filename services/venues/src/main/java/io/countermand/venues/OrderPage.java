package io.countermand.venues;

import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.ReplyDetails;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer to {@link VenueAdapter#openOrders}: one call of the venue's rate.
 *
 * @param reply {@code Accepted} if the list was told, else why not
 * @param orders as known when the call was sent; terminal ones may be among them
 * @param next what the next page is asked with; null: there is none
 * @param whole false: the venue has more open orders than it tells
 */
public record OrderPage(
    Reply reply, List<OrderEvent> orders, @Nullable String next, boolean whole) {

  public OrderPage {
    orders = List.copyOf(orders);
  }

  /** The venue has no list. */
  public static OrderPage unsupported() {
    return failed(
        new Reply.Refused(Reason.UNSUPPORTED, ReplyDetails.of(null, "no list of orders")));
  }

  public static OrderPage failed(Reply reply) {
    return new OrderPage(reply, List.of(), null, false);
  }

  public boolean told() {
    return reply instanceof Reply.Accepted;
  }
}
