package io.countermand.codec;

import io.countermand.domain.OrderLedger;
import io.countermand.domain.TraceContext;
import java.util.Map;

/**
 * What the ledger stores of one order.
 *
 * @param traces of its live cancels, by cancelId; beside the state, since no decision rests on them
 */
public record LedgerPage(OrderLedger ledger, Map<String, TraceContext> traces) {

  public static final LedgerPage NONE = new LedgerPage(OrderLedger.NONE, Map.of());
}
