package io.countermand.worker;

import io.countermand.codec.ProgressCodec;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Evidence;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.Told;
import io.countermand.domain.TraceContext;
import io.countermand.events.CancelProgress;
import io.countermand.kafka.TraceLog;
import io.countermand.venues.Answer;
import io.countermand.venues.limits.Pause;
import io.countermand.worker.RequestSource.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request, on a virtual thread of its own: check, marker, call, reply.
 *
 * <pre>
 * late? ──> replied(NotSent)          check refuses? ──> replied(Refused)
 *   │ no                                │ no
 *   └───> permit of the budget ──> marker durable ──> late? ──> replied(NotSent)
 *                                       │                │ no
 *                              the batch may commit    call ──> replied(answer)
 * </pre>
 *
 * The batch may commit once each of its records has a durable marker or answer: from then on the
 * ledger answers for it.
 */
final class AttemptRun {

  private static final Logger LOG = LoggerFactory.getLogger(AttemptRun.class);
  private static final Duration INSIST = Duration.ofMinutes(2);

  private final WorkerSettings settings;
  private final Post post;
  private final Breaker breaker;
  private final WorkerMeters meters;
  private final String by;

  AttemptRun(WorkerSettings settings, Post post, Breaker breaker, WorkerMeters meters) {
    this.settings = settings;
    this.post = post;
    this.breaker = breaker;
    this.meters = meters;
    this.by = "worker-" + settings.venue() + "-" + settings.connection().instance();
  }

  /**
   * Returns when the answer is written.
   *
   * @param handed told once, as soon as the ledger answers for the request, or that it must be
   *     released
   */
  void run(CancelRequest request, Evidence at, Consumer<Verdict> handed) {
    try {
      attempt(request, at, handed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      handed.accept(Verdict.RELEASE);
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("request", at).setCause(e).log("attempt failed unexpectedly");
      handed.accept(Verdict.RELEASE);
    }
  }

  private void attempt(CancelRequest asked, Evidence at, Consumer<Verdict> handed)
      throws InterruptedException {
    String attemptId = UUID.randomUUID().toString();
    TraceContext from = asked.trace();
    if (from == null) {
      attempt(asked, at, attemptId, handed);
      return;
    }
    TraceContext here = from.atAttempt(attemptId);
    try (var _ = TraceLog.in(here)) {
      Answer answer = attempt(asked.traced(here), at, attemptId, handed);
      TraceLog.hop(
          "attempt",
          here,
          from.spanId(),
          asked.cancel().cancelId(),
          answer == null ? "Released" : answer.reply().getClass().getSimpleName());
    }
  }

  /** The answer that was written; null if the request was released. */
  private @Nullable Answer attempt(
      CancelRequest request, Evidence at, String attemptId, Consumer<Verdict> handed)
      throws InterruptedException {
    Cancel cancel = request.cancel();
    String key = cancel.order().key();
    Reply early = refusal(request);
    if (early != null) {
      Answer refused = Answer.local(early, Instant.now());
      boolean written = replied(request, at, attemptId, refused);
      handed.accept(written ? Verdict.DONE : Verdict.RELEASE);
      return written ? refused : null;
    }
    boolean started =
        post.durable(
            key,
            ProgressCodec.started(
                cancel, attemptId, request.attemptNo(), request.kind(), at, Instant.now(), by),
            request.trace());
    if (!started) {
      breaker.notMade();
      handed.accept(Verdict.RELEASE);
      return null;
    }
    handed.accept(Verdict.DONE);
    meters.started(request.kind());
    Instant now = Instant.now();
    Reply.NotSent late = settings.rules().late(request, now);
    Answer answer;
    if (late == null) {
      answer = call(request, now);
      Duration took = Duration.between(now, answer.repliedAt());
      breaker.answered(answer, took);
      meters.called(request.kind(), took);
    } else {
      breaker.notMade();
      answer = Answer.local(late, now);
    }
    if (!insist(request, at, attemptId, answer)) {
      LOG.atError()
          .addKeyValue("cancelId", cancel.cancelId())
          .addKeyValue("attemptId", attemptId)
          .log("answer could not be written; the ledger will take the attempt for unanswered");
    }
    return answer;
  }

  private Answer call(CancelRequest request, Instant now) {
    Duration timeout = settings.rules().timeout(request, now);
    try {
      return request.kind() == RequestKind.CANCEL
          ? settings.adapter().cancel(request, timeout)
          : settings.adapter().status(request, timeout);
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("venue", settings.venue())
          .addKeyValue("error", e.getClass().getName())
          .log("adapter threw, which it must not; taken for ambiguous");
      return new Answer(
          new Reply.Ambiguous(Told.of(null, "adapter failed: " + e.getClass().getSimpleName())),
          true,
          now,
          Instant.now(),
          null,
          null);
    }
  }

  /** Why no call is to be made; null if one may start. Takes permits of budget and breaker. */
  private @Nullable Reply refusal(CancelRequest request) throws InterruptedException {
    Reply late = settings.rules().late(request, Instant.now());
    if (late != null) {
      return late;
    }
    Optional<Reply.Refused> refused = settings.adapter().check(request);
    if (refused.isPresent()) {
      return refused.get();
    }
    Optional<Pause> pause = settings.governor().paused();
    if (pause.isPresent()) {
      return new Reply.RetryLater(
          pause.get().until(),
          request.continuation(),
          Told.of(pause.get().cause().name(), pause.get().text()));
    }
    if (!settings.budget().acquire(request.cancel().deadline())) {
      return new Reply.NotSent(
          Reason.RATE_LIMITED,
          Told.of(null, "the venue's rate allows no call before the deadline"));
    }
    return breaker.permits()
        ? null
        : new Reply.NotSent(
            Reason.VENUE_UNAVAILABLE,
            Told.of(null, "the venue does not answer; the circuit breaker is open"));
  }

  private boolean replied(CancelRequest request, Evidence at, String attemptId, Answer answer)
      throws InterruptedException {
    return post.durable(
        request.cancel().order().key(), record(request, at, attemptId, answer), request.trace());
  }

  private boolean insist(CancelRequest request, Evidence at, String attemptId, Answer answer)
      throws InterruptedException {
    return post.insist(
        request.cancel().order().key(),
        record(request, at, attemptId, answer),
        request.trace(),
        INSIST);
  }

  private CancelProgress record(
      CancelRequest request, Evidence at, String attemptId, Answer answer) {
    meters.replied(request.kind(), answer.reply());
    return ProgressCodec.replied(
        request.cancel(),
        attemptId,
        request.attemptNo(),
        request.kind(),
        answer.reply(),
        at,
        answer.sent(),
        answer.sentAt(),
        answer.request(),
        answer.response(),
        answer.repliedAt(),
        by);
  }
}
