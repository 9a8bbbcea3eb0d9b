package io.countermand.codec;

import io.countermand.domain.TraceContext;
import io.countermand.domain.lifecycle.OrderLedger;
import java.util.List;
import java.util.Map;

/**
 * What the ledger stores of one order.
 *
 * @param traces of its live cancels, by cancelId; beside the state, since no decision rests on them
 * @param settled its last settled cancels, oldest first; they stay when nothing else is remembered
 *     of the order
 */
public record LedgerPage(
    OrderLedger ledger, Map<String, TraceContext> traces, List<SettledId> settled) {

  public static final LedgerPage NONE = new LedgerPage(OrderLedger.NONE, Map.of());

  /** Without a settled cancel. */
  public LedgerPage(OrderLedger ledger, Map<String, TraceContext> traces) {
    this(ledger, traces, List.of());
  }
}
