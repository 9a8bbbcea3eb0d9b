package io.countermand.venues.testing;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.RequestKind;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import java.time.Instant;

/** Cancel requests for tests. */
public final class Requests {

  private static final Instant T0 = Instant.parse("2026-03-03T12:00:00Z");

  private Requests() {}

  public static CancelRequest cancel(String account, String orderId) {
    return of(account, orderId, null, null, null, false, null);
  }

  public static CancelRequest named(String account, String orderId, String name, String strategy) {
    return of(account, orderId, name, strategy, null, false, null);
  }

  public static CancelRequest of(
      String account,
      String orderId,
      String orderName,
      String strategyId,
      String clOrdId,
      boolean automated,
      String continuation) {
    Cancel cancel =
        new Cancel(
            "c-1",
            new OrderRef("venue", account, orderId),
            orderName,
            strategyId,
            clOrdId,
            false,
            automated,
            null,
            T0,
            T0.plusSeconds(60),
            T0,
            new Evidence("cancel-intents", 0, 1),
            "digest");
    return new CancelRequest(cancel, RequestKind.CANCEL, 1, continuation, T0);
  }
}
