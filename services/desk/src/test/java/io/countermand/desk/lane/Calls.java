package io.countermand.desk.lane;

import io.countermand.desk.settings.DeskSettings;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.CallRules;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.platform.Topics;
import io.countermand.venues.CallResult;
import io.countermand.venues.Capabilities;
import io.countermand.venues.Probe;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.limits.Budget;
import io.countermand.venues.limits.Rate;
import io.countermand.venues.limits.VenueGovernor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Requests of one order, and a venue that counts what reaches it. */
public final class Calls {

  public static final String VENUE = "v";

  private static final OrderRef ORDER = new OrderRef(VENUE, "acc", "o1");

  private Calls() {}

  static CancelRequest request(RequestKind kind, int attemptNo, Instant deadline) {
    Instant now = Instant.now();
    var intent = new Evidence(Topics.INTENTS, 0, 7);
    var cancel =
        new Cancel(
            "c1", ORDER, null, null, null, false, false, null, now, deadline, now, intent, "d");
    return new CancelRequest(cancel, kind, attemptNo, null, now);
  }

  public static DeskSettings.Venue venue(VenueAdapter adapter, Rate rate) {
    return venue(adapter, rate, Clock.systemUTC());
  }

  /**
   * @param clock by which permits come
   */
  static DeskSettings.Venue venue(VenueAdapter adapter, Rate rate, Clock clock) {
    return new DeskSettings.Venue(
        VENUE,
        adapter,
        new Budget(rate, clock),
        new VenueGovernor(VENUE, clock),
        new CallRules(Duration.ofSeconds(1), Duration.ofSeconds(1)),
        10,
        Duration.ofMillis(300));
  }

  /**
   * A venue that takes every cancel; {@code serves}: whether its probe is answered; {@code
   * connects}: whether that leaves a connection.
   */
  public static final class Counting implements VenueAdapter {

    final CountDownLatch called = new CountDownLatch(1);
    final AtomicInteger probes = new AtomicInteger();
    volatile boolean serves = true;
    volatile boolean connects = true;

    @Override
    public Capabilities capabilities() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Reply.Refused> check(CancelRequest request) {
      return Optional.empty();
    }

    @Override
    public CallResult cancel(CancelRequest request, Duration timeout) {
      called.countDown();
      Instant now = Instant.now();
      return new CallResult(new Reply.Accepted(ReplyDetails.NOTHING), true, now, now, null, null);
    }

    @Override
    public CallResult status(CancelRequest request, Duration timeout) {
      return cancel(request, timeout);
    }

    @Override
    public Probe probe(Duration timeout) {
      probes.incrementAndGet();
      return new Probe(
          serves, serves, serves && connects, Probe.Credential.UNKNOWN, "HTTP 429", "wait");
    }

    @Override
    public void close() {}
  }
}
