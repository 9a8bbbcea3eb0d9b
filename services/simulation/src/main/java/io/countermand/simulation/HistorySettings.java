package io.countermand.simulation;

import io.countermand.domain.IntentCheck;
import io.countermand.domain.decision.CallRules;
import io.countermand.domain.decision.DeskRules;
import io.countermand.domain.decision.VenueRules;
import io.countermand.domain.lease.LeaseRules;
import io.countermand.domain.lifecycle.LedgerRules;
import io.countermand.simulation.call.Permits;
import io.countermand.simulation.engine.Choices;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** Times and limits of one history, much shorter than real ones so that they meet. */
record HistorySettings(
    IntentCheck check,
    DeskRules desk,
    LedgerRules ledger,
    CallRules calls,
    VenueRules venue,
    Permits permits) {

  static final String VENUE = "v";

  /** Of few intents: half a dozen ahead. */
  static final LeaseRules LEASES =
      new LeaseRules(Duration.ofMillis(Ownership.SESSION * 2 / 3), 2, 6);

  static final Duration GRACE = Duration.ofSeconds(4);

  /** Deadline + slack: by then the ledger has answered, if it is up. */
  static final Duration SLACK = Duration.ofSeconds(8);

  static HistorySettings of(Choices choices) {
    boolean impatient = choices.chance(300);
    VenueRules venue =
        new VenueRules(
            choices.chance(500),
            Duration.ofMillis(2500),
            Duration.ofMillis(impatient ? 300 : 2000),
            Duration.ofMillis(300),
            1 + choices.pick(3),
            1 + choices.pick(3),
            8,
            Duration.ofMillis(100),
            Duration.ofMillis(1000));
    return new HistorySettings(
        new IntentCheck(Duration.ofSeconds(3), Duration.ofSeconds(6)),
        new DeskRules(Set.of(VENUE), SLACK),
        new LedgerRules(
            GRACE,
            choices.chance(200) ? Duration.ofMillis(500) : Duration.ofHours(1),
            Map.of(VENUE, venue)),
        new CallRules(Duration.ofSeconds(1), GRACE),
        venue,
        Permits.of(choices));
  }
}
