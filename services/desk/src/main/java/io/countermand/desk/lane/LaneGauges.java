package io.countermand.desk.lane;

import io.countermand.desk.settings.DeskSettings;
import io.countermand.domain.decision.Lane;
import io.countermand.kafka.streams.RoleMeters;
import io.countermand.venues.limits.Pause;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Locale;

/** What a lane shows of its state while it runs. */
public final class LaneGauges {

  /** Those that mean that calls are, or were lately, held back; metrics-only ones do not occur. */
  private static final List<CircuitBreaker.State> STATES =
      List.of(
          CircuitBreaker.State.CLOSED, CircuitBreaker.State.HALF_OPEN, CircuitBreaker.State.OPEN);

  private LaneGauges() {}

  public static void show(RoleMeters role, VenueLane lane) {
    DeskSettings.Venue settings = lane.venue();
    Tags venue = Tags.of("venue", settings.name());
    for (Lane which : Lane.values()) {
      role.gauge(
          "countermand.desk.queue",
          "Calls that wait for the venue's rate, its pause or a free connection",
          venue.and("lane", which.name().toLowerCase(Locale.ROOT)),
          () -> lane.waiting(which));
    }
    role.gauge(
        "countermand.desk.calls.in.flight",
        "Calls under way, from the marker to the written reply",
        venue,
        lane::inFlight);
    role.gauge(
        "countermand.desk.concurrency",
        "Calls that may be under way at once",
        venue,
        settings::concurrency);
    role.gauge(
        "countermand.desk.budget.permits",
        "Calls that the rate allows now",
        venue,
        settings.budget()::available);
    role.gauge(
        "countermand.desk.credentials.unusable",
        "1: a file of credentials cannot be used, and what was read before is still sent",
        venue,
        () -> settings.adapter().credentialProblem().isPresent() ? 1 : 0);
    for (CircuitBreaker.State state : STATES) {
      role.gauge(
          "countermand.desk.breaker",
          "1 for the state that the circuit breaker is in",
          venue.and("state", state.name().toLowerCase(Locale.ROOT)),
          () -> lane.breaker().state() == state ? 1 : 0);
    }
    for (Pause.Cause cause : Pause.Cause.values()) {
      role.gauge(
          "countermand.desk.paused",
          "1 while the venue is paused for this cause",
          venue.and("cause", cause.name().toLowerCase(Locale.ROOT)),
          () ->
              settings.governor().paused().filter(pause -> pause.cause() == cause).isPresent()
                  ? 1
                  : 0);
    }
  }

  public static void show(RoleMeters role, WarmVenue venue) {
    role.gauge(
        "countermand.desk.warm",
        "1: logged in and connected, by the last probe; 0: the next cancel has to do that first",
        Tags.of("venue", venue.name()),
        () -> venue.warm() ? 1 : 0);
  }
}
