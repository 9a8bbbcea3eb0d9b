package io.countermand.venues.crosstrade;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.Secret;
import io.countermand.venues.http.HttpDialect;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.transport.HttpCall;
import io.countermand.venues.http.transport.HttpReply;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * CrossTrade webhooks, command CANCEL. The key is a secret inside the body, and the ids in the URL
 * are half of one, so neither is kept.
 */
final class CrossTradeWebhook implements HttpDialect {

  /** ENTRY*, EXIT*, STOP*, SIMSTOP*, TARGET*; "the star represents an integer value". */
  private static final Pattern NAME = Pattern.compile("(ENTRY|EXIT|STOP|SIMSTOP|TARGET)\\d{1,9}");

  /** Would end the field, or begin another one. */
  private static final Pattern INJECTING = Pattern.compile("[;=\\p{Cntrl}\\u0085\\u2028\\u2029]");

  private final Secret key;
  private final @Nullable String account;

  /**
   * @param account the account behind the URL, since the command names none; null: not checked
   */
  CrossTradeWebhook(Secret key, @Nullable String account) {
    this.key = key;
    this.account = account;
  }

  @Override
  public Optional<Reply.Refused> check(CancelRequest request) {
    Cancel cancel = request.cancel();
    if (account != null && !account.equals(cancel.order().account())) {
      return refused(
          Reason.ACCOUNT_REFUSED, "this webhook is of account %s only".formatted(account));
    }
    String id = id(cancel);
    String strategy = cancel.strategyId();
    if (!fits(id) || (strategy != null && !fits(strategy))) {
      return refused(
          Reason.INVALID_REQUEST,
          "order id and strategy id must not be empty nor hold ';', '=' or a control character");
    }
    if (cancel.orderName() != null && !NAME.matcher(id).matches()) {
      return refused(
          Reason.INVALID_REQUEST,
          "an order name is ENTRY, EXIT, STOP, SIMSTOP or TARGET and a number");
    }
    if (NAME.matcher(id).matches() && strategy == null) {
      return refused(Reason.INVALID_REQUEST, "an order name is valid only with a strategy id");
    }
    if (NAME.matcher(id).matches() && cancel.orderName() == null) {
      // By its id it would be one order with those of the same name in other strategies.
      return refused(
          Reason.INVALID_REQUEST, "orderId is an order name: say it in orderName, with strategyId");
    }
    return Optional.empty();
  }

  private static boolean fits(String value) {
    return !value.isBlank() && !INJECTING.matcher(value).find();
  }

  private static Optional<Reply.Refused> refused(Reason reason, String text) {
    return Optional.of(new Reply.Refused(reason, ReplyDetails.of(null, text)));
  }

  private static String id(Cancel cancel) {
    String name = cancel.orderName();
    return name == null ? cancel.order().orderId() : name;
  }

  @Override
  public HttpCall cancel(CancelRequest request) {
    String strategy = request.cancel().strategyId();
    String body =
        "key=%s;\ncommand=CANCEL;\norder_id=%s;".formatted(key.reveal(), id(request.cancel()))
            + (strategy == null ? "" : "\nstrategy_id=%s;".formatted(strategy));
    return new HttpCall("POST", "", Map.of("Content-Type", "text/plain"), body);
  }

  @Override
  public Classified readCancel(CancelRequest request, HttpReply reply) {
    return read(request, reply);
  }

  static Classified read(CancelRequest request, HttpReply reply) {
    boolean read =
        switch (reply.status()) {
          case 401, 408, 425, 429 -> false;
          case 201 -> reply.json().isObject();
          default -> (reply.ok() || reply.status() / 100 == 4) && reply.json().isObject();
        };
    return read
        ? CrossTradeReplies.overHttp(
            reply,
            CrossTradeReplies.cancel(reply.code(), reply.json(), id(request.cancel()), reply.at()))
        : Classified.byStatus(reply);
  }

  @Override
  public HttpCall probe() {
    return new HttpCall("HEAD", "", Map.of(), null);
  }

  /**
   * Only POST is documented: that HEAD is refused shows the venue as well as a yes. That may be
   * with 404, too, by which no path is seen to exist; {@code ProbeReading} says that to operators.
   */
  @Override
  public Classified readProbe(HttpReply reply) {
    return switch (reply.status()) {
      case 400, 404, 405, 415, 422 ->
          Classified.of(
              new Reply.Accepted(ReplyDetails.of(reply.code(), "HTTP " + reply.status())));
      default -> HttpDialect.super.readProbe(reply);
    };
  }

  @Override
  public String show(HttpCall call, String url) {
    URI uri = URI.create(url);
    return "%s %s://%s/***%s"
        .formatted(
            call.method(),
            uri.getScheme(),
            uri.getAuthority(),
            call.body() == null ? "" : " " + call.body().replace('\n', ' '));
  }
}
