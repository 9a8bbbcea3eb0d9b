package io.countermand.ledger;

import io.countermand.domain.Cancel;
import io.countermand.domain.TraceContext;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.lifecycle.OpenCancel;
import io.countermand.domain.lifecycle.OrderLedger;
import io.countermand.kafka.trace.TraceHeaders;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The traces of an order's cancels: what is heard first of a cancel holds until its outcome. */
final class Traces {

  private Traces() {}

  /**
   * With what this record tells; the same map if it tells nothing new. A duplicate's own trace does
   * not count: the outcome answers the first.
   */
  static Map<String, TraceContext> heard(
      Map<String, TraceContext> known, OrderLedger ledger, LedgerEvent event, Headers headers) {
    TraceContext trace = TraceHeaders.read(headers);
    if (trace == null || !(event instanceof LedgerEvent.OfCancel ofCancel)) {
      return known;
    }
    Cancel cancel = ofCancel.cancel();
    OpenCancel open = ledger.find(cancel.cancelId());
    if (known.containsKey(cancel.cancelId())
        || (open != null && !open.cancel().intent().equals(cancel.intent()))) {
      return known;
    }
    Map<String, TraceContext> more = new HashMap<>(known);
    more.put(cancel.cancelId(), trace);
    return more;
  }

  /** Those of live cancels; the same map if that is all. */
  static Map<String, TraceContext> live(Map<String, TraceContext> known, OrderLedger ledger) {
    if (known.isEmpty() || known.keySet().stream().allMatch(id -> ledger.find(id) != null)) {
      return known;
    }
    Map<String, TraceContext> rest = new HashMap<>(known);
    rest.keySet().removeIf(id -> ledger.find(id) == null);
    return rest.isEmpty() ? Map.of() : rest;
  }

  static @Nullable TraceContext of(Map<String, TraceContext> known, String cancelId) {
    return known.isEmpty() ? null : known.get(cancelId);
  }
}
