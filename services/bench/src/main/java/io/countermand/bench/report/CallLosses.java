package io.countermand.bench.report;

import io.countermand.bench.measure.Measured;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lost and doubled calls of a variant over all that was measured, also where that makes a
 * measurement worth nothing.
 *
 * @param intents sent
 * @param lost orders that were never called
 * @param doubled calls beyond one per order
 */
record CallLosses(long intents, long lost, long doubled) {

  /** By the variant's label. */
  static Map<String, CallLosses> of(List<Measured> measured) {
    Map<String, CallLosses> all = new LinkedHashMap<>();
    for (Measured m : measured) {
      all.merge(m.variant(), new CallLosses(m.intents(), m.lost(), m.doubled()), CallLosses::plus);
    }
    return all;
  }

  private CallLosses plus(CallLosses more) {
    return new CallLosses(intents + more.intents, lost + more.lost, doubled + more.doubled);
  }
}
