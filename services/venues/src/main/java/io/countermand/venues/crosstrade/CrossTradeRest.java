package io.countermand.venues.crosstrade;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrderRef;
import io.countermand.venues.AccountList;
import io.countermand.venues.OrderPage;
import io.countermand.venues.http.HttpDialect;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.transport.HttpCall;
import io.countermand.venues.http.transport.HttpReply;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** CrossTrade REST v1, cancel order and get order. */
final class CrossTradeRest implements HttpDialect {

  private static final String ACCOUNTS = "/v1/api/accounts";

  private final String allOrders;

  CrossTradeRest() {
    this(CrossTradeRestProvider.ALL_ORDERS_DEFAULT);
  }

  /**
   * @param allOrders path of the list of all accounts' orders
   */
  CrossTradeRest(String allOrders) {
    this.allOrders = allOrders;
  }

  @Override
  public Optional<Reply.Refused> check(CancelRequest request) {
    return CrossTradeChecks.check(request);
  }

  @Override
  public HttpCall cancel(CancelRequest request) {
    return HttpCall.postJson(path(request) + "/cancel", "{}");
  }

  @Override
  public Classified readCancel(CancelRequest request, HttpReply reply) {
    return understood(reply)
        ? CrossTradeReplies.overHttp(
            reply,
            CrossTradeReplies.cancel(reply.code(), reply.json(), orderId(request), reply.at()))
        : Classified.byStatus(reply);
  }

  @Override
  public HttpCall status(CancelRequest request) {
    return HttpCall.get(path(request));
  }

  /** Heavier than a look-up, and kept for 90 days; add-ons before 1.13.2 do not know it. */
  @Override
  public HttpCall history(CancelRequest request) {
    return HttpCall.list(
        path(request)
            + "/lifecycle?includeFills=false&includeRaw=false&limit="
            + CrossTradeLifecycle.MOST);
  }

  @Override
  public Classified readStatus(CancelRequest request, HttpReply reply) {
    if (reply.ok() && CrossTradeLifecycle.is(reply.json())) {
      return CrossTradeLifecycle.read(reply.code(), reply.json(), request.cancel().order());
    }
    return understood(reply)
        ? CrossTradeReplies.overHttp(
            reply,
            CrossTradeReplies.status(reply.code(), reply.json(), orderId(request), reply.at()))
        : Classified.byStatus(reply);
  }

  @Override
  public HttpCall openOrders(@Nullable String account, @Nullable String cursor) {
    return HttpCall.list(
        account == null
            ? allOrders
            : "/v1/api/accounts/%s/orders".formatted(HttpCall.encode(account)));
  }

  @Override
  public @Nullable OrderPage readOpenOrders(
      String venue,
      @Nullable String account,
      @Nullable String cursor,
      HttpReply reply,
      Instant sentAt) {
    return reply.ok() ? CrossTradeList.read(venue, account, reply, sentAt) : null;
  }

  /** Without the only filter that there is, by instrument. */
  @Override
  public HttpCall cancelAll(String account) {
    return HttpCall.allOf(
        "/v1/api/accounts/%s/orders/cancel".formatted(HttpCall.encode(account)), "{}");
  }

  @Override
  public Classified readCancelAll(HttpReply reply) {
    return understood(reply)
        ? CrossTradeReplies.cancelAll(reply.code(), reply.json(), reply.at())
        : Classified.byStatus(reply);
  }

  @Override
  public List<String> readCanceled(HttpReply reply) {
    return CrossTradeReplies.canceled(reply.json());
  }

  @Override
  public HttpCall accounts() {
    return HttpCall.list(ACCOUNTS);
  }

  @Override
  public @Nullable AccountList readAccounts(HttpReply reply, Instant askedAt) {
    return reply.ok() ? CrossTradeAccounts.read(reply.code(), reply.json(), askedAt) : null;
  }

  @Override
  public HttpCall probe() {
    return HttpCall.get(ACCOUNTS);
  }

  /** 408 (the NT8 add-on is offline) and 5xx say nothing certain, whatever their bodies say. */
  private static boolean understood(HttpReply reply) {
    return switch (reply.status()) {
      case 401, 408, 425, 429 -> false;
      default -> (reply.ok() || reply.status() / 100 == 4) && reply.json().isObject();
    };
  }

  private static String path(CancelRequest request) {
    OrderRef order = request.cancel().order();
    return "/v1/api/accounts/%s/orders/%s"
        .formatted(HttpCall.encode(order.account()), HttpCall.encode(order.orderId()));
  }

  private static String orderId(CancelRequest request) {
    return request.cancel().order().orderId();
  }
}
