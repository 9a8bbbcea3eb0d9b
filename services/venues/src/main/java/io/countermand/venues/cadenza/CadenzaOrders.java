package io.countermand.venues.cadenza;

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
import org.jspecify.annotations.Nullable;

/** Cadenza API v3, {@code tradeOrder/cancel} and {@code tradeOrder/list}. */
final class CadenzaOrders implements HttpDialect {

  private static final String LIST = "/api/v3/tradeOrder/list?tradeOrderId=";

  @Override
  public Optional<Reply.Refused> check(CancelRequest request) {
    return id(request).isBlank()
        ? Optional.of(
            new Reply.Refused(Reason.INVALID_REQUEST, ReplyDetails.of(null, "orderId is empty")))
        : Optional.empty();
  }

  /** With the blank after the colon, as in the documentation's example. */
  @Override
  public HttpCall cancel(CancelRequest request) {
    String id = Json.write(Json.object().textNode(id(request)));
    return HttpCall.postJson("/api/v3/tradeOrder/cancel", "{\"tradeOrderId\": " + id + "}");
  }

  @Override
  public Classified readCancel(CancelRequest request, HttpReply reply) {
    return CadenzaReplies.cancel(reply, id(request));
  }

  @Override
  public HttpCall status(CancelRequest request) {
    return HttpCall.get(LIST + HttpCall.encode(id(request)));
  }

  @Override
  public Classified readStatus(CancelRequest request, HttpReply reply) {
    return CadenzaReplies.status(reply, id(request));
  }

  @Override
  public HttpCall openOrders(@Nullable String account, @Nullable String cursor) {
    return CadenzaList.call(account, cursor);
  }

  @Override
  public @Nullable OrderPage readOpenOrders(
      String venue,
      @Nullable String account,
      @Nullable String cursor,
      HttpReply reply,
      Instant sentAt) {
    return CadenzaList.read(venue, cursor, reply, sentAt);
  }

  @Override
  public HttpCall probe() {
    return HttpCall.get(LIST + "none");
  }

  private static String id(CancelRequest request) {
    return request.cancel().order().orderId();
  }
}
