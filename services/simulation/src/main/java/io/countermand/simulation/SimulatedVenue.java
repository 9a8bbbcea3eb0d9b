package io.countermand.simulation;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.RequestKind;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.simulation.call.DeskCall;
import io.countermand.simulation.engine.Choices;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The venue: its book lives by itself, its calls do what they do whether anybody learns it. */
final class SimulatedVenue {

  private static final int QTY = 10;

  private final World world;
  private final boolean answersAtOnce;
  private final boolean tellsStatus;
  private final boolean numbersEvents;
  private final boolean timesEvents;

  SimulatedVenue(World world) {
    this.world = world;
    Choices choices = world.choices;
    answersAtOnce = !choices.chance(500);
    tellsStatus = !choices.chance(500);
    numbersEvents = !choices.chance(500);
    timesEvents = !choices.chance(400);
  }

  // ---- the book and its feed ----

  void change(TrueOrder book, OrdStatus status, @Nullable String canceledBy) {
    if (book.ended()) {
      return;
    }
    book.status = status;
    if (status.terminal()) {
      book.endedAt = world.time.now();
    }
    if (status == OrdStatus.FILLED) {
      book.filled = QTY;
    } else if (status == OrdStatus.PARTIALLY_FILLED) {
      book.filled = Math.min(QTY - 1, book.filled + 3);
    } else if (status == OrdStatus.CANCELED) {
      book.canceledBy = canceledBy;
    }
    world.say("venue", book.ref.orderId() + " is " + status + by(canceledBy));
    publish(book, status);
  }

  private static String by(@Nullable String canceledBy) {
    return canceledBy == null ? "" : " by " + canceledBy;
  }

  private void publish(TrueOrder book, OrdStatus status) {
    book.sequence++;
    Choices choices = world.choices;
    boolean calm = world.time.now() >= world.calm;
    int feed = calm ? 0 : world.faults.feed();
    if (world.faults.lost() && choices.chance(feed)) {
      return;
    }
    int copies = choices.chance(feed) ? 2 : 1;
    long sequence = book.sequence;
    BigDecimal filled = BigDecimal.valueOf(book.filled);
    Instant happened = world.instant(0);
    for (int i = 0; i < copies; i++) {
      world.time.after(
          choices.delay(0, 20, 4000, feed),
          () ->
              world.events.append(
                  new OrderEvent(
                      book.ref,
                      null,
                      status,
                      null,
                      BigDecimal.valueOf(QTY),
                      filled,
                      null,
                      null,
                      timesEvents ? happened : null,
                      numbersEvents ? sequence : null,
                      false,
                      "feed:v",
                      null,
                      world.instant(0)),
                  null));
    }
  }

  // ---- calls ----

  /** A call leaves {@code caller}; the answer, if one comes in time, goes to {@code then}. */
  void call(
      SimulatedProcess caller,
      DeskCall made,
      long begun,
      Duration timeout,
      BiConsumer<Reply, Boolean> then) {
    CancelRequest request = made.request();
    Choices choices = world.choices;
    TrueOrder book = world.book(request.cancel());
    SimulatedCall call = new SimulatedCall(book, made, caller, begun, world.time.now());
    call.end = call.start + timeout.toMillis();
    SparedVenueCheck.permitted(world, call);
    world.calls.add(call);
    int fault = world.venueFault() / 4;
    if (choices.chance(fault)) {
      call.end = call.start;
      world.say("venue", "refuses the connection for " + call.cancelId);
      caller.later(
          1,
          () ->
              then.accept(
                  new Reply.NotSent(Reason.VENUE_UNAVAILABLE, ReplyDetails.NOTHING), false));
      return;
    }
    var answered = new Answer(caller, then);
    caller.later(
        timeout.toMillis(), () -> answered.once(new Reply.Ambiguous(ReplyDetails.NOTHING), call));
    int life = caller.life();
    world.time.after(
        choices.delay(0, 5, 2500, fault),
        () -> {
          if (caller.life() != life && choices.chance(500)) {
            return; // it died before the bytes were out
          }
          call.reached = true;
          Reply reply = handle(request, call);
          world.say("venue", "answers " + call.cancelId + " " + ReplyKind.of(reply));
          if (choices.chance(fault)) {
            call.ambiguous = true;
            world.say("venue", "but the answer is lost");
            return;
          }
          long back = choices.delay(0, 5, 2500, fault);
          call.end = Math.min(call.end, world.time.now() + back);
          if (caller.life() == life) {
            caller.later(back, () -> answered.once(reply, call));
          }
        });
  }

  /** The first of answer and time-out. */
  private static final class Answer {
    private final SimulatedProcess caller;
    private final BiConsumer<Reply, Boolean> then;
    private boolean given;

    Answer(SimulatedProcess caller, BiConsumer<Reply, Boolean> then) {
      this.caller = caller;
      this.then = then;
    }

    void once(Reply reply, SimulatedCall call) {
      if (!given) {
        given = true;
        call.ambiguous |= reply instanceof Reply.Ambiguous;
        caller.world.say(caller.name, "gets " + ReplyKind.of(reply) + " for " + call.cancelId);
        then.accept(reply, true);
      }
    }
  }

  private Reply handle(CancelRequest request, SimulatedCall call) {
    Choices choices = world.choices;
    TrueOrder book = call.book;
    int fault = world.venueFault();
    if (choices.chance(fault / 3)) {
      return choices.chance(300)
          ? new Reply.Unauthorized(ReplyDetails.NOTHING)
          : new Reply.RetryLater(
              choices.chance(500) ? world.instant(choices.between(50, 1500)) : null,
              null,
              ReplyDetails.NOTHING);
    }
    call.handled = true;
    if (request.kind() == RequestKind.STATUS) {
      return book.status == null
          ? new Reply.UnknownOrder(ReplyDetails.NOTHING)
          : new Reply.Status(told(book));
    }
    if (choices.chance(fault / 5)) {
      return new Reply.Ambiguous(ReplyDetails.NOTHING); // 5xx without effect
    }
    if (book.refuses) {
      return new Reply.Refused(Reason.VENUE_REFUSED, ReplyDetails.NOTHING);
    }
    if (book.status == null) {
      return new Reply.UnknownOrder(ReplyDetails.NOTHING);
    }
    if (book.ended()) {
      if (choices.chance(fault / 5)) {
        return new Reply.UnknownOrder(ReplyDetails.NOTHING);
      }
      return tellsStatus
          ? new Reply.NotOpen(told(book))
          : choices.chance(300)
              ? new Reply.GoneOrUnknown(ReplyDetails.NOTHING)
              : new Reply.NotOpen(ReplyDetails.NOTHING);
    }
    return cancel(book, call, choices.chance(fault / 3));
  }

  private Reply cancel(TrueOrder book, SimulatedCall call, boolean fails) {
    Choices choices = world.choices;
    if (answersAtOnce) {
      change(book, OrdStatus.CANCELED, call.cancelId);
      return fails ? new Reply.Ambiguous(ReplyDetails.NOTHING) : new Reply.Canceled(told(book));
    }
    if (!choices.chance(world.venueFault() / 3)) {
      world.time.after(
          choices.delay(1, 200, 6000, 200), () -> change(book, OrdStatus.CANCELED, call.cancelId));
    }
    if (fails) {
      return new Reply.Ambiguous(ReplyDetails.NOTHING);
    }
    book.accepted.add(call.cancelId);
    return new Reply.Accepted(ReplyDetails.NOTHING);
  }

  private ReplyDetails told(TrueOrder book) {
    return new ReplyDetails(
        null, null, book.status, null, BigDecimal.valueOf(book.filled), world.instant(0));
  }
}
