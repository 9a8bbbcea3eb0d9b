package io.countermand.simulator.server;

import io.countermand.simulator.book.Effect;
import io.countermand.simulator.book.OrderBook;
import io.countermand.simulator.fault.AnswerToSend;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultScript;
import io.countermand.simulator.journal.Journal;
import io.countermand.simulator.request.CallKind;
import io.countermand.simulator.request.HttpAnswer;
import io.countermand.simulator.request.VenueRequest;
import io.countermand.simulator.request.VenueResult;
import io.countermand.simulator.venue.Canceling;
import io.countermand.simulator.venue.Instance;
import io.countermand.simulator.venue.Timer;
import io.countermand.simulator.venue.VenueApi;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of a request, whatever its transport: journal, admission, fault, latency, effect, answer,
 * journal. Blocks the (virtual) thread for the latency.
 */
public final class RequestHandler {

  private final OrderBook book;
  private final Journal journal;
  private final FaultScript faults;
  private final Timer timer;

  public RequestHandler(OrderBook book, Journal journal, FaultScript faults, Timer timer) {
    this.book = book;
    this.journal = journal;
    this.faults = faults;
    this.timer = timer;
  }

  Timer timer() {
    return timer;
  }

  AnswerToSend serve(Instance instance, VenueRequest ask) {
    long call = journal.received(ask, account(ask));
    var refusal = instance.api().refuse(ask);
    if (refusal != null) {
      return answer(ask, call, Effect.NONE, refusal.why(), refusal.answer(), null);
    }
    var fault = faults.pick(ask);
    var half = instance.latency().dividedBy(2);
    timer.pause(fault instanceof Fault.Delay delay ? half.plus(delay.by()) : half);
    if (fault instanceof Fault.Held held) {
      hold(held);
    }
    var done =
        fault == null || fault.effect()
            ? act(instance, ask, call, fault)
            : VenueResult.nothing(HttpAnswer.json(200, "{}"));
    timer.pause(half);
    var answer = fault == null ? done.answer() : worded(instance.api(), ask, fault, done.answer());
    return answer(ask, call, done.effect(), fault == null ? null : fault.label(), answer, fault);
  }

  private static void hold(Fault.Held held) {
    try {
      var _ = held.until().await(Fault.Held.MOST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private VenueResult act(Instance instance, VenueRequest ask, long call, @Nullable Fault fault) {
    var filledFirst = fault instanceof Fault.FilledFirst;
    return instance
        .api()
        .act(ask, new Canceling(book, timer, call, filledFirst, instance.settle()));
  }

  private static HttpAnswer worded(VenueApi api, VenueRequest ask, Fault fault, HttpAnswer right) {
    return switch (fault) {
      case Fault.ServerError error -> api.failed(error.status());
      case Fault.TooMany many -> api.tooMany(many.retryAfter());
      case Fault.Unauthorized unauthorized -> api.unauthorized();
      case Fault.Ticket ticket -> api.ticket(ask, ticket);
      case Fault.LockOut lockOut -> api.lockOut(ask);
      case Fault.Say say ->
          HttpAnswer.json(say.status(), say.body()).withContentType(say.contentType());
      case Fault.Garbled garbled -> garbled.how().spoil(right);
      default -> right;
    };
  }

  private AnswerToSend answer(
      VenueRequest ask,
      long call,
      Effect effect,
      @Nullable String why,
      HttpAnswer answer,
      @Nullable Fault fault) {
    boolean leaves = !(fault instanceof Fault.Reset || fault instanceof Fault.NoAnswer);
    journal.answered(
        call, effect, why, leaves ? answer.status() : 0, leaves ? safe(ask, answer) : "");
    return new AnswerToSend(answer, fault);
  }

  /** Without the tokens of a login. */
  private static String safe(VenueRequest ask, HttpAnswer answer) {
    boolean tokens =
        answer.status() == 200 && (ask.kind() == CallKind.LOGIN || ask.kind() == CallKind.RENEW);
    return tokens ? "***" : answer.body();
  }

  private String account(VenueRequest ask) {
    if (ask.account() != null) {
      return ask.account();
    }
    var order = ask.orderId() == null ? null : book.find(ask.venue(), ask.orderId());
    return order == null ? "" : order.ref().account();
  }
}
