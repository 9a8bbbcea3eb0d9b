package io.countermand.app.drill;

import io.countermand.domain.mass.MassScope;
import java.time.Duration;
import java.util.Map;

/**
 * What a drill does. With the same seed the same orders are placed; which call a fault meets also
 * depends on how the calls overtake each other.
 *
 * @param orders that are open when the mass cancel is asked for
 * @param venues adapter by instance name
 * @param lifted whether the venues' own rates are lifted
 * @param newOrders a second, from just before the mass cancel until its scope is frozen; 0: none
 * @param within no call to a venue starts later than this after the mass cancel
 * @param warmUp whether some cancels go before, counted nowhere
 */
public record DrillPlan(
    int orders,
    Map<String, String> venues,
    MassScope scope,
    boolean lifted,
    FaultPlan faults,
    long seed,
    double newOrders,
    Duration within,
    String by,
    String reason,
    boolean warmUp) {

  /** How many of its orders the scope means. */
  public long meant() {
    return new DrillOrders(seed, venues)
        .next(orders).stream().filter(one -> DrillOrders.in(scope, one)).count();
  }
}
