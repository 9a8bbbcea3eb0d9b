package io.countermand.venues.neuratrade;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.OrderPage;
import io.countermand.venues.http.HttpDialect;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.transport.HttpCall;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Json;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** NeuraTrade API v1, {@code trading/cancel_order} and {@code trading/positions}. */
final class NeuraTradeOrders implements HttpDialect {

  /** "Format: ord-YYYYMMDDHHMMSS-sequence". */
  private static final Pattern ID =
      Pattern.compile(
          "ord-[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
              + "([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]-[0-9]{1,18}");

  private final @Nullable String account;

  NeuraTradeOrders() {
    this(null);
  }

  /**
   * @param account what intents call the user's only account; null: not said
   */
  NeuraTradeOrders(@Nullable String account) {
    this.account = account;
  }

  @Override
  public Optional<Reply.Refused> check(CancelRequest request) {
    return ID.matcher(id(request)).matches()
        ? Optional.empty()
        : Optional.of(
            new Reply.Refused(
                Reason.INVALID_REQUEST,
                ReplyDetails.of(null, "orderId must be like ord-YYYYMMDDHHMMSS-1")));
  }

  @Override
  public HttpCall cancel(CancelRequest request) {
    return HttpCall.postJson(
        "/api/v1/trading/cancel_order", Json.write(Json.object().put("order_id", id(request))));
  }

  @Override
  public Classified readCancel(CancelRequest request, HttpReply reply) {
    return NeuraTradeReplies.cancel(reply, id(request));
  }

  /** There is no look-up of an order; its position carries its id. */
  @Override
  public HttpCall status(CancelRequest request) {
    return HttpCall.get("/api/v1/trading/positions");
  }

  @Override
  public Classified readStatus(CancelRequest request, HttpReply reply) {
    return NeuraTradeReplies.status(reply, id(request));
  }

  @Override
  public HttpCall openOrders(@Nullable String account, @Nullable String cursor) {
    return HttpCall.list("/api/v1/trading/positions?status=OPEN");
  }

  @Override
  public @Nullable OrderPage readOpenOrders(
      String venue,
      @Nullable String account,
      @Nullable String cursor,
      HttpReply reply,
      Instant sentAt) {
    return NeuraTradeReplies.openOrders(
        venue, account == null ? this.account : account, reply, sentAt);
  }

  @Override
  public HttpCall probe() {
    return HttpCall.get("/api/v1/trading/positions?status=OPEN");
  }

  private static String id(CancelRequest request) {
    return request.cancel().order().orderId();
  }
}
