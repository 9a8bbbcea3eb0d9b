package io.countermand.venues.tradovate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.AccountList;
import io.countermand.venues.OrderPage;
import io.countermand.venues.http.HttpDialect;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.transport.HttpCall;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Json;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tradovate v1, {@code order/cancelorder} and {@code order/item}. */
final class TradovateOrders implements HttpDialect {

  /** As the venue writes it, so that an order has one key. */
  private static final Pattern CANONICAL = Pattern.compile("[1-9][0-9]{0,18}");

  /** {@code clOrdId} and {@code customTag50}: at most so many characters. */
  static final int LONGEST_TAG = 64;

  private static final String ACCOUNTS = "/account/list";

  private final @Nullable String customTag50;
  private final TradovateOrderEvents events;
  private final TradovateAccounts accounts;

  TradovateOrders(@Nullable String customTag50) {
    this(customTag50, new TradovateOrderEvents("", Map.of()), new TradovateAccounts(Map.of()));
  }

  TradovateOrders(
      @Nullable String customTag50, TradovateOrderEvents events, TradovateAccounts accounts) {
    this.customTag50 = customTag50;
    this.events = events;
    this.accounts = accounts;
  }

  @Override
  public Optional<Reply.Refused> check(CancelRequest request) {
    if (orderId(request.cancel()) == null) {
      return refused("orderId must be a positive int64 without leading zeros");
    }
    Optional<Reply.Refused> otherwise = accounts.otherwiseKeyed(request.cancel());
    if (otherwise.isPresent()) {
      return otherwise;
    }
    String clOrdId = request.cancel().clOrdId();
    return clOrdId != null && clOrdId.length() > LONGEST_TAG
        ? refused("clOrdId is longer than 64 characters")
        : Optional.empty();
  }

  private static Optional<Reply.Refused> refused(String text) {
    return Optional.of(new Reply.Refused(Reason.INVALID_REQUEST, ReplyDetails.of(null, text)));
  }

  private static @Nullable Long orderId(Cancel cancel) {
    String id = cancel.order().orderId();
    try {
      return CANONICAL.matcher(id).matches() ? Long.valueOf(id) : null;
    } catch (NumberFormatException e) {
      return null; // 19 digits, and yet too big
    }
  }

  /** The same request gives the same body, but for the ticket of a penalty. */
  @Override
  public HttpCall cancel(CancelRequest request) {
    Cancel cancel = request.cancel();
    ObjectNode body = Json.object().put("orderId", orderId(cancel));
    if (cancel.clOrdId() != null) {
      body.put("clOrdId", cancel.clOrdId());
    }
    if (customTag50 != null) {
      body.put("customTag50", customTag50);
    }
    if (cancel.isAutomated()) {
      body.put("isAutomated", true); // "automated orders must send" it
    }
    if (request.continuation() != null) {
      body.put("p-ticket", request.continuation());
    }
    return HttpCall.postJson("/order/cancelorder", Json.write(body));
  }

  @Override
  public Classified readCancel(CancelRequest request, HttpReply reply) {
    return TradovateReplies.cancel(reply);
  }

  @Override
  public HttpCall status(CancelRequest request) {
    return HttpCall.get("/order/item?id=" + request.cancel().order().orderId());
  }

  @Override
  public Classified readStatus(CancelRequest request, HttpReply reply) {
    return TradovateReplies.status(reply, request.cancel().order().orderId());
  }

  @Override
  public HttpCall openOrders(@Nullable String account, @Nullable String cursor) {
    return HttpCall.list("/order/list");
  }

  @Override
  public @Nullable OrderPage readOpenOrders(
      String venue,
      @Nullable String account,
      @Nullable String cursor,
      HttpReply reply,
      Instant sentAt) {
    return events.page(reply, account, sentAt);
  }

  @Override
  public HttpCall accounts() {
    return HttpCall.list(ACCOUNTS);
  }

  @Override
  public @Nullable AccountList readAccounts(HttpReply reply, Instant askedAt) {
    return accounts.read(reply, askedAt);
  }

  @Override
  public HttpCall probe() {
    return HttpCall.get(ACCOUNTS);
  }
}
