package io.countermand.venues.crosstrade;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.ReplyDetails;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What REST and WebSocket want of account and order id. */
final class CrossTradeChecks {

  private CrossTradeChecks() {}

  static Optional<Reply.Refused> check(CancelRequest request) {
    OrderRef order = request.cancel().order();
    return Optional.ofNullable(problem("account", order.account()))
        .or(() -> Optional.ofNullable(problem("orderId", order.orderId())))
        .map(text -> new Reply.Refused(Reason.INVALID_REQUEST, ReplyDetails.of(null, text)));
  }

  /** A segment of dots only would be taken for a step in the path, encoded or not. */
  private static @Nullable String problem(String name, String value) {
    if (value.isBlank()) {
      return name + " is empty";
    }
    if (value.chars().allMatch(c -> c == '.')) {
      return name + " is dots only, which would change the path";
    }
    return value.chars().anyMatch(Character::isISOControl)
        ? name + " holds a control character"
        : null;
  }
}
