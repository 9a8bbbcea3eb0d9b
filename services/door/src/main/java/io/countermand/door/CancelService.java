package io.countermand.door;

import io.countermand.client.CancelClient;
import io.countermand.client.CancelDraft;
import io.countermand.client.ClientException;
import io.countermand.client.EventRecord;
import io.countermand.client.OutcomeFields;
import io.countermand.client.Problem;
import io.countermand.client.SentCancel;
import io.countermand.events.CancelOutcome;
import io.countermand.events.OrderKey;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Takes cancels and tells what became of them. Bounded, however long neither Kafka nor a desk
 * answers: so many requests may wait for each of the two, and of the cancels that nobody waits for
 * so many are followed, those that came last. Thread-safe.
 */
final class CancelService {

  private final CancelClient client;
  private final RecentOutcomes outcomes;
  private final Set<String> venues;

  /** By order and cancelId: those that came through this door and have no outcome yet. */
  private final Map<String, SentCancel> open = new ConcurrentHashMap<>();

  /** Of these, those that nobody waits for, the oldest first. Guarded by itself. */
  private final Set<SentCancel> followed = new LinkedHashSet<>();

  private final Semaphore waiting;
  private final Semaphore publishing;
  private final int most;
  private final Duration publishedWithin;

  /**
   * @param most requests that wait for Kafka, and that wait for an outcome, and cancels that are
   *     followed
   * @param publishedWithin so long is Kafka waited for
   */
  CancelService(
      CancelClient client,
      RecentOutcomes outcomes,
      Set<String> venues,
      int most,
      Duration publishedWithin) {
    this.client = client;
    this.outcomes = outcomes;
    this.venues = venues;
    this.most = most;
    this.publishedWithin = publishedWithin;
    this.waiting = new Semaphore(most);
    this.publishing = new Semaphore(most);
  }

  /** {@code POST /v1/cancels}. Answers when Kafka has it, or when its outcome is there. */
  void post(Context request) throws InterruptedException {
    Duration wait = PreferHeader.wait(request);
    CancelBody body = CancelBody.of(request);
    OrderKey order = body.order();
    CallerFilter.shouldMay(request, TokenVerb.CANCEL, order.venue(), order.account());
    if (!venues.contains(order.venue())) {
      throw ProblemResponse.noVenue(order.venue(), venues);
    }
    CancelDraft draft =
        body.draft(client, order).attribute("caller", CallerFilter.caller(request).name());
    String key = request.header("Idempotency-Key");
    if (key != null) {
      draft.id(key);
    }
    String trace = request.header("traceparent");
    if (trace != null) {
      draft.traceparent(trace);
    }
    String problem = draft.problem();
    if (problem != null) {
      throw ProblemResponse.badRequest(problem);
    }
    if (wait.isZero()) {
      publish(request, draft, wait);
      return;
    }
    take(waiting, request, "an outcome", "; or publish it now, without Prefer: wait");
    try {
      publish(request, draft, wait);
    } finally {
      waiting.release();
    }
  }

  private void publish(Context request, CancelDraft draft, Duration wait)
      throws InterruptedException {
    SentCancel sent;
    take(publishing, request, "Kafka", "");
    try {
      sent = draft.dispatch();
      await(sent);
    } finally {
      publishing.release();
    }
    Optional<EventRecord<CancelOutcome>> outcome = answer(sent, wait);
    request.header("Location", path(sent));
    if (outcome.isPresent()) {
      outcomes.add(outcome.get()); // who looks there at once must find what he was told
      request.json(DoorJson.write(OutcomeFields.of(outcome.get())));
    } else {
      request.status(202).json(DoorJson.write(pending(sent)));
      follow(sent);
    }
  }

  private void take(Semaphore places, Context request, String what, String orElse) {
    if (!places.tryAcquire()) {
      request.header("Retry-After", "1");
      throw new ProblemResponse(
          503,
          "TOO_MANY_WAITING",
          most
              + " requests wait for "
              + what
              + " already (door.open-cancels), and nothing was published for this one; try again in"
              + " a second"
              + orElse);
    }
  }

  /** And lets go of the oldest: its outcome comes all the same, and is found where all are. */
  private void follow(SentCancel sent) {
    SentCancel oldest = null;
    synchronized (followed) {
      if (!sent.record().isDone()) { // else it was looked for there already
        followed.add(sent);
      }
      if (followed.size() > most) {
        oldest = followed.iterator().next();
        followed.remove(oldest);
      }
    }
    if (oldest != null) {
      var _ = oldest.outcome().cancel(false);
    }
  }

  /** {@code GET /v1/cancels/{venue}/{account}/{orderId}/{cancelId}}. */
  void get(Context request) {
    OrderKey order = Orders.key(request);
    CallerFilter.shouldMay(request, TokenVerb.READ, order.venue(), order.account());
    String cancelId = request.pathParam("cancelId");
    SentCancel sent = open.get(name(order, cancelId)); // first: it goes when its outcome is kept
    Optional<EventRecord<CancelOutcome>> found = outcomes.find(order, cancelId);
    if (found.isPresent()) {
      request.json(DoorJson.write(OutcomeFields.of(found.get())));
    } else if (sent != null) {
      request.json(DoorJson.write(pending(sent)));
    } else if (!outcomes.caughtUp()) {
      throw new ProblemResponse(
          503,
          "NOT_CURRENT",
          "the door has not read the outcomes of the last hour yet; try again later");
    } else {
      throw new ProblemResponse(
          404,
          "NO_OUTCOME_KNOWN",
          "no outcome of this cancel is known here: it has none yet, or it is older than what this"
              + " door keeps; `countermand story` looks through all");
    }
  }

  private void await(SentCancel sent) throws InterruptedException {
    String name = name(sent.order(), sent.cancelId());
    open.put(name, sent);
    var _ = sent.record().whenComplete((outcome, _) -> over(name, sent, outcome));
    boolean published = false;
    try {
      published = get(sent, sent.published(), publishedWithin).isPresent();
    } finally {
      if (!published) {
        follow(sent); // Kafka may have it yet, and nobody waits for it
      }
    }
    if (!published) {
      throw ProblemResponse.of(
          Problem.KAFKA_UNREACHABLE,
          sent + ": not known to be published; send it again with the same Idempotency-Key");
    }
  }

  /** In this order: who asks meanwhile finds it in one of the two. */
  private void over(String name, SentCancel sent, @Nullable EventRecord<CancelOutcome> outcome) {
    if (outcome != null) {
      outcomes.add(outcome);
    }
    open.remove(name, sent);
    synchronized (followed) {
      followed.remove(sent);
    }
  }

  private static Optional<EventRecord<CancelOutcome>> answer(SentCancel sent, Duration wait)
      throws InterruptedException {
    return wait.isZero() && !sent.record().isDone()
        ? Optional.empty()
        : get(sent, sent.record(), wait);
  }

  private static <T> Optional<T> get(SentCancel sent, Future<T> future, Duration within)
      throws InterruptedException {
    try {
      return Optional.of(future.get(within.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ClientException known) {
        throw ProblemResponse.of(known.problem(), String.valueOf(known.getMessage()));
      }
      throw new IllegalStateException(sent.toString(), e);
    }
  }

  private static Map<String, @Nullable Object> pending(SentCancel sent) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("cancelId", sent.cancelId());
    fields.put("venue", sent.order().venue());
    fields.put("account", sent.order().account());
    fields.put("orderId", sent.order().orderId());
    fields.put("result", null);
    fields.put("published", sent.published().isDone());
    fields.put("deadline", sent.deadline().toString());
    fields.put("outcome", path(sent));
    return fields;
  }

  private static String path(SentCancel sent) {
    OrderKey order = sent.order();
    String path =
        "/v1/cancels/"
            + OrderKey.of(order.venue(), order.account(), order.orderId())
            + "/"
            + OrderKey.encode(sent.cancelId());
    return order.orderName() == null
        ? path
        : path
            + "?orderName="
            + OrderKey.encode(order.orderName())
            + (order.strategyId() == null
                ? ""
                : "&strategyId=" + OrderKey.encode(order.strategyId()));
  }

  private static String name(OrderKey order, String cancelId) {
    return order.key() + ' ' + cancelId;
  }
}
