package io.countermand.door;

import io.countermand.client.CancelClient;
import io.countermand.client.CancelDraft;
import io.countermand.events.OrderKey;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;

/** The JSON of {@code POST /v1/cancels}; the names are the intent's. */
final class CancelBody {

  private static final Set<String> NAMES =
      Set.of(
          "venue",
          "account",
          "orderId",
          "orderName",
          "strategyId",
          "clOrdId",
          "within",
          "override",
          "isAutomated",
          "priority",
          "reason",
          "trader",
          "desk",
          "algorithm",
          "client");

  private final JsonBody body;

  private CancelBody(JsonBody body) {
    this.body = body;
  }

  /**
   * @throws ProblemResponse that says what is wrong
   */
  static CancelBody of(Context request) {
    return new CancelBody(JsonBody.of(request, NAMES));
  }

  /**
   * @throws ProblemResponse where a part is missing
   */
  OrderKey order() {
    String name = body.text("orderName");
    String id = body.text("orderId");
    if (id == null && name == null) {
      throw ProblemResponse.badRequest("orderId is missing (or orderName, with strategyId)");
    }
    return new OrderKey(
        body.required("venue"),
        body.required("account"),
        id == null ? String.valueOf(name) : id,
        name,
        name == null ? null : body.text("strategyId"));
  }

  /**
   * @throws ProblemResponse where a field makes no sense
   */
  CancelDraft draft(CancelClient client, OrderKey order) {
    CancelDraft draft =
        client
            .cancel(order)
            .strategyId(body.text("strategyId"))
            .clOrdId(body.text("clOrdId"))
            .override(body.flag("override"))
            .automated(body.flag("isAutomated"));
    Duration within = body.seconds("within");
    if (within != null) {
      draft.within(within);
    }
    Integer priority = body.whole("priority");
    if (priority != null) {
      draft.priority(priority);
    }
    given("reason", draft::because);
    given("trader", draft::trader);
    given("desk", draft::desk);
    given("algorithm", draft::algorithm);
    given("client", draft::client);
    return draft;
  }

  private void given(String name, Function<String, CancelDraft> set) {
    String text = body.text(name);
    if (text != null) {
      var _ = set.apply(text);
    }
  }
}
