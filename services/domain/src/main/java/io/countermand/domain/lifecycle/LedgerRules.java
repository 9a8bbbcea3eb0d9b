package io.countermand.domain.lifecycle;

import io.countermand.domain.Cancel;
import io.countermand.domain.decision.VenueRules;
import java.time.Duration;
import java.util.Map;

/**
 * The lifecycle's times and limits.
 *
 * @param answerGrace time after the deadline in which answers still count; also covers clock skew
 *     between the parts. The outcome is decided at deadline + answerGrace at the latest.
 * @param rememberOrder how long an order without a live cancel is kept after its last event
 * @param venues rules by venue instance; unknown names use {@link VenueRules#DEFAULT}
 */
public record LedgerRules(
    Duration answerGrace, Duration rememberOrder, Map<String, VenueRules> venues) {

  public VenueRules of(Cancel cancel) {
    return venues.getOrDefault(cancel.order().venue(), VenueRules.DEFAULT);
  }
}
