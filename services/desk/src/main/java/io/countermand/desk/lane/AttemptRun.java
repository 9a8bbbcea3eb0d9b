// Over 300 lines: one call's way from its permits to its written answer, read in one place.
package io.countermand.desk.lane;

import io.countermand.codec.MassCodec;
import io.countermand.codec.ProgressCodec;
import io.countermand.desk.bulk.CarriedAttempts;
import io.countermand.desk.bulk.TakenOrders;
import io.countermand.desk.lease.TaskLease;
import io.countermand.desk.settings.DeskSettings;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.TraceContext;
import io.countermand.domain.decision.MarkerPlaces;
import io.countermand.domain.lease.Lease;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.events.CancelProgress;
import io.countermand.kafka.trace.Hop;
import io.countermand.kafka.trace.Hops;
import io.countermand.kafka.trace.TraceLog;
import io.countermand.venues.CallResult;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call, on a virtual thread of its own, after its permits were taken: marker, call, reply.
 *
 * <pre>
 * its decision durable ────────────────────────────┐ (a first attempt that need not wait)
 * late? ──> replied(NotSent)                       │
 *   │ no
 *   └───> marker durable ──> appended or now late? ──> replied(NotSent)
 *              │                     │ no
 *         the ledger answers       call ──> replied(answer)
 * </pre>
 */
public final class AttemptRun {

  private static final Logger LOG = LoggerFactory.getLogger(AttemptRun.class);
  private static final Duration INSIST = Duration.ofMinutes(2);

  /** What fails at once would fail thousands of times until the deadline. */
  private static final Duration AGAIN = Duration.ofMillis(50);

  private final DeskSettings.Venue venue;
  private final Post post;
  private final Breaker breaker;
  private final LaneMeters meters;
  private final String by;
  private final Hops hops;
  private final TakenOrders taken = new TakenOrders();
  private final MarkerPlaces markers = new MarkerPlaces();

  /** Nobody wants to know of traces. */
  public AttemptRun(
      DeskSettings.Venue venue, Post post, Breaker breaker, LaneMeters meters, String by) {
    this(venue, post, breaker, meters, by, Hops.NONE);
  }

  public AttemptRun(
      DeskSettings.Venue venue,
      Post post,
      Breaker breaker,
      LaneMeters meters,
      String by,
      Hops hops) {
    this.hops = hops;
    this.venue = venue;
    this.post = post;
    this.breaker = breaker;
    this.meters = meters;
    this.by = by;
  }

  /** Unique per call: a random UUID in base64url (22 characters; four records have it). */
  public static String newId() {
    UUID id = UUID.randomUUID();
    byte[] bytes =
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Makes the call, whose permits are taken; returns when its answer is written. */
  void run(LaneCall call) {
    waited(call);
    traced(
        call,
        newId(),
        (request, attemptId) ->
            attempt(call, request, attemptId, marked(call, request, attemptId, null)));
  }

  /**
   * Makes a call whose permits are taken, and whose marker is its decision's record.
   *
   * @param appended when that was appended to the log
   */
  void announced(LaneCall call, String attemptId, Instant appended) {
    meters.started(call.request().kind());
    traced(call, attemptId, (request, id) -> attempt(call, request, id, late(request, appended)));
  }

  /**
   * Makes a call whose permits are taken, before its decision is durable, if the lease holds still;
   * else when it is, and not at all if it could not be written.
   *
   * @param marked when its decision was appended to the log; null: it was not, or nobody knows
   */
  void leased(
      LaneCall call, String attemptId, TaskLease.Leave leave, Future<@Nullable Instant> marked) {
    traced(
        call,
        attemptId,
        (request, id) -> {
          if (leave.holds()) {
            meters.started(request.kind());
            meters.leased();
            return attempt(
                call, request, id, late(request, leave.atLeast(request.cancel())), marked);
          }
          Instant appended = appended(marked);
          if (appended == null) {
            breaker.notMade();
            return CallResult.local(
                UNMARKED, Instant.now()); // nobody hears it: nothing was announced
          }
          meters.started(request.kind());
          return attempt(call, request, id, late(request, appended));
        });
  }

  /** Makes an attempt that one call carries with others; its permits are not its own. */
  void carried(LaneCall call, CarriedAttempts gathering) {
    waited(call);
    traced(
        call,
        newId(),
        (request, attemptId) -> {
          Reply.NotSent late = marked(call, request, attemptId, gathering);
          if (late != null) {
            gathering.leaves();
            return write(call, request, attemptId, CallResult.local(late, Instant.now()));
          }
          CallResult answer = gathering.marked(request.cancel().order());
          Instant sentAt = answer.sentAt();
          if (sentAt != null && request.attemptNo() == 1) {
            meters.toVenue(Duration.between(request.cancel().receivedAt(), sentAt));
          }
          return write(call, request, attemptId, answer);
        });
  }

  /** Tells a mass cancel of a call for many of its orders; false: that may not be durable. */
  boolean tell(String massId, MassPart.Bulk part, Duration within) throws InterruptedException {
    boolean durable =
        post.insist(massId, MassCodec.toAvro(massId, part, Instant.now(), by), within);
    if (!durable) {
      LOG.atError()
          .addKeyValue("massId", massId)
          .addKeyValue("account", part.account())
          .addKeyValue("told", part.told())
          .addKeyValue("beyond", part.beyond())
          .log("what one call for many does could not be told");
    }
    return durable;
  }

  /** Orders of which the venue took a cancel lately. */
  TakenOrders taken() {
    return taken;
  }

  /** Where the markers of its calls stand. */
  MarkerPlaces markers() {
    return markers;
  }

  private static final Reply.NotSent UNMARKED =
      new Reply.NotSent(Reason.VENUE_UNAVAILABLE, ReplyDetails.NOTHING);

  private static final Reply.NotSent LATE_MARKER =
      new Reply.NotSent(
          Reason.RATE_LIMITED,
          ReplyDetails.of(
              null, "no call for all of the account: the marker was not written in time"));

  /** Waits until it is known whether the decision is durable. */
  private static @Nullable Instant appended(Future<@Nullable Instant> marked)
      throws InterruptedException {
    try {
      return marked.get(INSIST.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return null;
    }
  }

  /** It waited for its permits in vain: writes that as its answer. */
  void expired(LaneCall call, Reply.NotSent late) {
    waited(call);
    answer(call, late);
  }

  /** Writes an answer that needs no call. */
  void answer(LaneCall call, Reply reply) {
    traced(
        call,
        newId(),
        (request, attemptId) ->
            write(call, request, attemptId, CallResult.local(reply, Instant.now())));
  }

  private void waited(LaneCall call) {
    TraceContext from = call.request().trace();
    if (from != null && from.sampled()) {
      hops.took(
          new Hop.Waited(
              from.atWait(call.request()), from.spanId(), call.request(), Instant.now()));
    }
  }

  private interface Attempt {
    CallResult make(CancelRequest request, String attemptId) throws InterruptedException;
  }

  private void traced(LaneCall call, String attemptId, Attempt attempt) {
    CancelRequest asked = call.request();
    TraceContext from = asked.trace();
    try {
      if (from == null) {
        CallResult _ = attempt.make(asked, attemptId);
        return;
      }
      TraceContext here = from.atAttempt(attemptId);
      Instant start = Instant.now();
      try (var _ = TraceLog.in(here)) {
        CallResult answer = attempt.make(asked.traced(here), attemptId);
        TraceLog.hop(
            "attempt",
            here,
            from.spanId(),
            asked.cancel().cancelId(),
            answer.reply().getClass().getSimpleName());
        if (here.sampled()) {
          hops.took(
              new Hop.Called(
                  here,
                  from.spanId(),
                  asked,
                  attemptId,
                  answer.reply(),
                  start,
                  answer.sentAt(),
                  answer.repliedAt(),
                  answer.request(),
                  answer.response()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // Without a marker nothing was called, and the ledger asks again; with one it waits in vain.
      LOG.atError()
          .addKeyValue("request", call.at())
          .setCause(e)
          .log("attempt failed unexpectedly");
    }
  }

  /**
   * @param late why no call is made; null: it is
   */
  private CallResult attempt(
      LaneCall call, CancelRequest request, String attemptId, Reply.@Nullable NotSent late)
      throws InterruptedException {
    return attempt(call, request, attemptId, late, null);
  }

  /**
   * @param marked the answer is written behind the decision, if that is on its way still; null: it
   *     is not
   */
  private CallResult attempt(
      LaneCall call,
      CancelRequest request,
      String attemptId,
      Reply.@Nullable NotSent late,
      @Nullable Future<@Nullable Instant> marked)
      throws InterruptedException {
    Instant now = Instant.now();
    CallResult answer;
    if (late == null) {
      answer = exchange(request, now);
      Duration took = Duration.between(now, answer.repliedAt());
      breaker.answered(answer, took);
      meters.called(request.kind(), took);
      Instant sentAt = answer.sentAt();
      if (sentAt != null && request.attemptNo() == 1) {
        meters.toVenue(Duration.between(request.cancel().receivedAt(), sentAt));
      }
    } else {
      breaker.notMade();
      answer = CallResult.local(late, now);
    }
    if (marked != null) {
      Instant _ = appended(marked);
    }
    return write(call, request, attemptId, answer);
  }

  /**
   * Makes the marker durable; tries until the deadline, since nobody else has the request.
   *
   * @param gathering it is carried with others, and no longer than these wait for it; null: alone
   * @return why no call may follow; null: it may
   */
  private Reply.@Nullable NotSent marked(
      LaneCall call, CancelRequest request, String attemptId, @Nullable CarriedAttempts gathering)
      throws InterruptedException {
    Cancel cancel = request.cancel();
    while (true) {
      Instant now = Instant.now();
      Reply.NotSent late = venue.rules().late(request, now);
      if (late != null) {
        return late;
      }
      if (gathering != null && gathering.over()) {
        return LATE_MARKER;
      }
      Post.Written written =
          post.durable(
              cancel.order().key(),
              ProgressCodec.started(
                  cancel, attemptId, request.attemptNo(), request.kind(), call.at(), now, by),
              request.kind() == RequestKind.CANCEL // a query cancels nothing
                  ? Lease.Place.unleased(cancel.intent().offset(), attemptId)
                  : null,
              request.trace());
      if (written != null) {
        markers.marked(request, call.id(), written.at());
        call.handed().accept(call.id());
        meters.started(request.kind());
        return late(request, written.appended());
      }
      Thread.sleep(AGAIN);
    }
  }

  /** Whether it is too late by this clock, or was by the broker's when the marker was appended. */
  private Reply.@Nullable NotSent late(CancelRequest request, Instant appended) {
    Instant now = Instant.now();
    return venue.rules().late(request, appended.isAfter(now) ? appended : now);
  }

  private CallResult exchange(CancelRequest request, Instant now) {
    Duration timeout = venue.rules().timeout(request, now);
    try {
      return request.kind() == RequestKind.CANCEL
          ? venue.adapter().cancel(request, timeout)
          : venue.adapter().status(request, timeout);
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("venue", venue.name())
          .addKeyValue("error", e.getClass().getName())
          .log("adapter threw, which it must not; taken for ambiguous");
      return new CallResult(
          new Reply.Ambiguous(
              ReplyDetails.of(null, "adapter failed: " + e.getClass().getSimpleName())),
          true,
          now,
          Instant.now(),
          null,
          null);
    }
  }

  private CallResult write(
      LaneCall call, CancelRequest request, String attemptId, CallResult answer)
      throws InterruptedException {
    meters.replied(request.kind(), answer.reply());
    CancelProgress record =
        ProgressCodec.replied(
            request.cancel(),
            attemptId,
            request.attemptNo(),
            request.kind(),
            answer.reply(),
            call.at(),
            answer.sent(),
            answer.sentAt(),
            answer.request(),
            answer.response(),
            answer.repliedAt(),
            by);
    if (post.insist(request.cancel().order().key(), record, request.trace(), INSIST)) {
      call.handed().accept(call.id());
      if (answer.reply() instanceof Reply.Accepted || answer.reply() instanceof Reply.Canceled) {
        taken.add(request.cancel().order().key(), answer.repliedAt());
      }
    } else {
      LOG.atError()
          .addKeyValue("cancelId", request.cancel().cancelId())
          .addKeyValue("attemptId", attemptId)
          .log("answer could not be written; the ledger will take the attempt for unanswered");
    }
    return answer;
  }
}
