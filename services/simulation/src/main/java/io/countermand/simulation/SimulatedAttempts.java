package io.countermand.simulation;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.decision.CallRules;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.simulation.call.DeskCall;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A desk's attempts: marker, call, reply. Belongs to the process, whoever owns the partition. */
final class SimulatedAttempts {

  private final SimulatedDesk desk;
  private final World world;
  private final SimulatedVenue venue;
  private final SimulatedPost post;

  SimulatedAttempts(SimulatedDesk desk, SimulatedVenue venue) {
    this.desk = desk;
    this.world = desk.world;
    this.venue = venue;
    this.post = new SimulatedPost(desk);
  }

  /** Makes the call, whose permits are taken. */
  void run(DeskCall call, long begun, DeskLane lane) {
    CancelRequest request = call.request();
    String attempt = world.conduct.attemptId(request, ++world.attempts);
    Reply.NotSent late =
        world.conduct.lateBeforeMarker(world.setting.calls(), request, desk.clock());
    if (late != null) {
      reply(call, attempt, late, false, null, lane);
      return;
    }
    if (!world.conduct.keptUntilMarked()) {
      call.handed().accept(call.id());
    }
    boolean waits = world.conduct.markerBeforeCall();
    world.say(desk.name, "marks " + attempt + " of " + request.cancel().cancelId());
    post.send(
        () -> new World.Marked(request, attempt, desk.clock()),
        (appended, offset) -> {
          lane.marked(call, offset);
          call.handed().accept(call.id());
          if (waits) {
            call(call, attempt, appended, begun, lane);
          }
        });
    if (!waits) {
      call(call, attempt, world.time.now(), begun, lane);
    }
    boolean _ = desk.hazard();
  }

  /** Makes a call whose decision was its marker. */
  void marked(DeskCall call, String attempt, long appended, long begun, DeskLane lane) {
    call(call, attempt, appended, begun, lane);
  }

  /**
   * Makes a call under a lease.
   *
   * @param atLeast so late it is by the broker's clock, or later
   * @param behind runs what follows once the decision is durable, or never will be
   */
  void leased(
      DeskCall call,
      String attempt,
      long begun,
      DeskLane lane,
      Supplier<Instant> atLeast,
      Consumer<Runnable> behind) {
    if (!desk.owns()) {
      world.broke("8: " + attempt + " is called under a lease, though another has the partition");
    }
    world.leasedCalls++;
    Instant came = call.request().cancel().receivedAt();
    Instant late = atLeast.get();
    made(call, attempt, came.isAfter(late) ? came : late, begun, lane, behind);
  }

  private void call(DeskCall call, String attempt, long appended, long begun, DeskLane lane) {
    if (desk.hazard()) {
      return;
    }
    if (desk.paused()) {
      desk.later(0, () -> call(call, attempt, appended, begun, lane));
      return;
    }
    CancelRequest request = call.request();
    Instant marked = world.conduct.marked(world.appended(appended), desk.clock());
    if (late(request, marked) == null
        && !world.appended(appended).isBefore(request.cancel().deadline())) {
      world.broke("2: " + attempt + " is called, its marker was appended past the deadline");
    }
    made(call, attempt, marked, begun, lane, Runnable::run);
  }

  private Reply.@Nullable NotSent late(CancelRequest request, Instant marked) {
    Instant now = desk.clock();
    return world.conduct.lateBeforeCall(
        world.setting.calls(), request, marked.isAfter(now) ? marked : now);
  }

  private void made(
      DeskCall call,
      String attempt,
      Instant marked,
      long begun,
      DeskLane lane,
      Consumer<Runnable> behind) {
    if (!world.conduct.permitBeforeMark()) {
      lane.take(call);
    }
    CancelRequest request = call.request();
    CallRules rules = world.setting.calls();
    Instant now = desk.clock();
    Reply.NotSent late = late(request, marked);
    if (late != null) {
      behind.accept(() -> reply(call, attempt, late, false, null, lane));
      return;
    }
    world.say(
        desk.name, "calls " + attempt + " " + request.kind() + " " + request.cancel().cancelId());
    desk.calls(request);
    venue.call(
        desk,
        call,
        begun,
        rules.timeout(request, now),
        (reply, sent) -> behind.accept(() -> reply(call, attempt, reply, sent, now, lane)));
  }

  /** Writes an answer that needs no call. */
  void answer(DeskCall call, Reply reply) {
    String attempt = world.conduct.attemptId(call.request(), ++world.attempts);
    reply(call, attempt, reply, false, null, null);
  }

  private void reply(
      DeskCall call,
      String attempt,
      Reply reply,
      boolean sent,
      @Nullable Instant sentAt,
      @Nullable DeskLane lane) {
    if (desk.hazard()) {
      return;
    }
    CancelRequest request = call.request();
    desk.answers(request, reply);
    Instant now = desk.clock();
    if (world.telling()) {
      world.say(desk.name, "replies " + attempt + " " + ReplyKind.of(reply));
    }
    World.Progress replied =
        at ->
            new LedgerEvent.Replied(
                request.cancel(),
                attempt,
                request.attemptNo(),
                request.kind(),
                reply,
                sent,
                sentAt,
                at,
                now);
    post.send(
        () -> replied,
        (_, _) -> {
          call.handed().accept(call.id());
          if (lane != null) {
            lane.ended(call);
          }
        });
  }

  void lose() {
    post.lose();
  }
}
