package io.countermand.simulator.fault;

import io.countermand.simulator.request.CallKind;
import io.countermand.simulator.request.VenueRequest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which requests a fault meets.
 *
 * @param venue the instance; null for any
 * @param orderId null for any
 * @param kinds of requests
 * @param times how often it fires at most
 * @param probability that it fires, from 0 to 1
 * @param faults one of them, by chance
 */
public record FaultRule(
    @Nullable String venue,
    @Nullable String orderId,
    Set<CallKind> kinds,
    int times,
    double probability,
    List<Fault> faults) {

  /** What asks for or about an order. */
  public static final Set<CallKind> ORDERS =
      Set.of(CallKind.CANCEL, CallKind.MASS_CANCEL, CallKind.STATUS);

  public FaultRule {
    kinds = Set.copyOf(kinds);
    faults = List.copyOf(faults);
    if (times < 1 || probability <= 0 || probability > 1 || faults.isEmpty()) {
      throw new IllegalArgumentException("a rule that never fires");
    }
  }

  /** The next {@code times} requests about orders. */
  public static FaultRule next(String venue, int times, Fault fault) {
    return new FaultRule(venue, null, ORDERS, times, 1, List.of(fault));
  }

  /** Of all requests about orders, for ever, one of these. */
  public static FaultRule random(@Nullable String venue, double probability, List<Fault> faults) {
    return new FaultRule(venue, null, ORDERS, Integer.MAX_VALUE, probability, faults);
  }

  public FaultRule forOrder(String orderId) {
    return new FaultRule(venue, orderId, kinds, times, probability, faults);
  }

  public FaultRule on(CallKind... kinds) {
    return new FaultRule(venue, orderId, Set.of(kinds), times, probability, faults);
  }

  boolean matches(VenueRequest ask) {
    return (venue == null || venue.equals(ask.venue()))
        && (orderId == null || orderId.equals(ask.orderId()))
        && kinds.contains(ask.kind());
  }
}
