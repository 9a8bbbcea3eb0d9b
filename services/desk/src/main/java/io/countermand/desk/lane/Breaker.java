package io.countermand.desk.lane;

import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.CallResult;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps from calling a venue that does not answer: while it is open, calls wait in the queue; after
 * a while some calls go through, and it stays half open until they have. Where no calls wait, the
 * adapter's probe takes their place. Thread-safe.
 */
public final class Breaker {

  private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

  private final CircuitBreaker breaker;

  public Breaker(String venue, Duration openFor) {
    this.breaker =
        CircuitBreaker.of(
            venue,
            CircuitBreakerConfig.custom()
                .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(20)
                .minimumNumberOfCalls(10)
                .failureRateThreshold(50)
                .waitDurationInOpenState(openFor)
                .automaticTransitionFromOpenToHalfOpenEnabled(true)
                .permittedNumberOfCallsInHalfOpenState(3)
                .build());
    breaker
        .getEventPublisher()
        .onStateTransition(
            event ->
                LOG.atWarn()
                    .addKeyValue("venue", venue)
                    .addKeyValue("from", event.getStateTransition().getFromState())
                    .addKeyValue("to", event.getStateTransition().getToState())
                    .log("circuit breaker"));
  }

  CircuitBreaker.State state() {
    return breaker.getState();
  }

  /** Whether calls are kept back now. */
  boolean open() {
    return breaker.getState() == CircuitBreaker.State.OPEN;
  }

  /** Whether a call may be made; whoever got a yes must {@link #answered} it. */
  boolean permits() {
    return breaker.tryAcquirePermission();
  }

  /** A call that was permitted and then not made. */
  void notMade() {
    breaker.releasePermission();
  }

  /** What became of a call that was permitted. */
  void answered(CallResult answer, Duration took) {
    answered(answer.reply(), took);
  }

  /** As {@link #answered(CallResult, Duration)}, of a list. */
  void answered(Reply reply, Duration took) {
    if (failed(reply)) {
      breaker.onError(took.toNanos(), TimeUnit.NANOSECONDS, new IllegalStateException("no answer"));
    } else {
      breaker.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** Whether calls are let through to see how they end. */
  boolean halfOpen() {
    return breaker.getState() == CircuitBreaker.State.HALF_OPEN;
  }

  /** What became of a probe that was permitted. */
  void probed(boolean serves, Duration took) {
    if (serves) {
      breaker.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
    } else {
      breaker.onError(took.toNanos(), TimeUnit.NANOSECONDS, new IllegalStateException("no answer"));
    }
  }

  /**
   * A venue that refuses, or asks to wait, is there; one that stays silent or is unclear is not. A
   * 4xx is about the request, also where nobody can read it, as a web firewall's page; but for
   * those that tell of time.
   */
  private static boolean failed(Reply reply) {
    return switch (reply) {
      case Reply.Ambiguous(ReplyDetails told) -> !ofTheRequest(told.code());
      case Reply.NotSent _ -> true;
      case Reply.Canceled _,
          Reply.Accepted _,
          Reply.NotOpen _,
          Reply.UnknownOrder _,
          Reply.GoneOrUnknown _,
          Reply.Refused _,
          Reply.RetryLater _,
          Reply.Unauthorized _,
          Reply.Status _ ->
          false;
    };
  }

  private static boolean ofTheRequest(@Nullable String code) {
    return code != null && code.matches("4\\d\\d") && !List.of("408", "425").contains(code);
  }
}
