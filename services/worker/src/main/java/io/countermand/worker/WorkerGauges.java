package io.countermand.worker;

import io.countermand.kafka.RoleMeters;
import io.countermand.venues.limits.Pause;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;

/** What a worker shows of its state while it runs. */
final class WorkerGauges {

  /** Those that mean that calls are, or were lately, held back; metrics-only ones do not occur. */
  private static final List<CircuitBreaker.State> STATES =
      List.of(
          CircuitBreaker.State.CLOSED, CircuitBreaker.State.HALF_OPEN, CircuitBreaker.State.OPEN);

  private WorkerGauges() {}

  /** Closed with the worker. */
  static RoleMeters show(
      MeterRegistry meters, WorkerSettings settings, Breaker breaker, Semaphore permits) {
    Tags venue = Tags.of("venue", settings.venue());
    var role = new RoleMeters(meters, "worker", settings.venue());
    role.gauge(
        "countermand.worker.calls.in.flight",
        "Requests in work, those that wait for the rate included",
        venue,
        () -> settings.concurrency() - permits.availablePermits());
    role.gauge(
        "countermand.worker.concurrency",
        "Requests that may be in work at once",
        venue,
        settings::concurrency);
    role.gauge(
        "countermand.worker.budget.permits",
        "Calls that the rate allows now; below 0: so many wait for a permit",
        venue,
        settings.budget()::available);
    for (CircuitBreaker.State state : STATES) {
      role.gauge(
          "countermand.worker.breaker",
          "1 for the state that the circuit breaker is in",
          venue.and("state", state.name().toLowerCase(Locale.ROOT)),
          () -> breaker.state() == state ? 1 : 0);
    }
    for (Pause.Cause cause : Pause.Cause.values()) {
      role.gauge(
          "countermand.worker.paused",
          "1 while the venue is paused for this cause",
          venue.and("cause", cause.name().toLowerCase(Locale.ROOT)),
          () ->
              settings.governor().paused().filter(pause -> pause.cause() == cause).isPresent()
                  ? 1
                  : 0);
    }
    return role;
  }
}
