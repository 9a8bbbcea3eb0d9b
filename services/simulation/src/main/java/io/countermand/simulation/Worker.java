package io.countermand.simulation;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.LedgerEvent;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.Told;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A worker: takes a few requests, marks, calls, acknowledges when the marks (and the replies that
 * have no mark) are durable.
 */
final class Worker extends Part {

  private final List<Deliveries> sources;
  private final Venue venue;
  private final Outbox<World.Progress> progress;
  private boolean polling;
  private boolean busy;
  private int unmarked;

  Worker(World world, String name, List<Deliveries> sources, Venue venue) {
    super(world, name);
    this.sources = sources;
    this.venue = venue;
    this.progress = new Outbox<>(this, world.progress);
    sources.forEach(s -> s.onChange(this::nudge));
  }

  private void nudge() {
    if (up() && !polling && !busy) {
      polling = true;
      later(world.choices.delay(0, 5, 500, world.slow()), this::poll);
    }
  }

  private void poll() {
    polling = false;
    if (hazard()) {
      return;
    }
    int most = 1 + world.choices.pick(3);
    List<Deliveries.Taken> batch = new ArrayList<>(most);
    for (Deliveries source : sources) {
      source.take(this, most, batch);
    }
    if (batch.isEmpty()) {
      return;
    }
    busy = true;
    unmarked = batch.size();
    for (Deliveries.Taken taken : batch) {
      begin(taken, batch);
    }
    if (!world.conduct.markerBeforeCommit()) {
      acknowledge(batch);
    }
  }

  private void begin(Deliveries.Taken taken, List<Deliveries.Taken> batch) {
    CancelRequest request = taken.request();
    String attempt = world.conduct.attemptId(request, taken.delivery());
    Reply late = world.conduct.lateBeforeMarker(world.setting.worker(), request, clock());
    if (late == null && world.book(request.cancel()).unsendable) {
      late = new Reply.Refused(Reason.INVALID_REQUEST, Told.NOTHING);
    }
    if (late != null) {
      reply(request, attempt, late, false, null, () -> marked(batch));
      return;
    }
    Instant now = clock();
    world.say(name, "marks " + attempt + " of " + request.cancel().cancelId());
    boolean waits = world.conduct.markerBeforeCall();
    progress.send(
        at ->
            new LedgerEvent.Started(
                request.cancel(), attempt, request.attemptNo(), request.kind(), at, now),
        () -> {
          if (waits) {
            later(world.choices.between(0, 1), () -> call(request, attempt));
          }
          marked(batch);
        });
    if (!waits) {
      call(request, attempt);
    }
  }

  private void marked(List<Deliveries.Taken> batch) {
    if (--unmarked == 0) {
      later(world.choices.delay(0, 3, 300, world.slow()), () -> finish(batch));
    }
  }

  private void finish(List<Deliveries.Taken> batch) {
    if (hazard()) {
      return;
    }
    acknowledge(batch);
    busy = false;
    nudge();
  }

  private void acknowledge(List<Deliveries.Taken> batch) {
    batch.forEach(t -> t.from().acknowledge(t));
  }

  private void call(CancelRequest request, String attempt) {
    if (hazard()) {
      return;
    }
    if (paused()) {
      later(0, () -> call(request, attempt));
      return;
    }
    Instant now = clock();
    Reply.NotSent late = world.conduct.lateBeforeCall(world.setting.worker(), request, now);
    if (late != null) {
      reply(request, attempt, late, false, null, null);
      return;
    }
    world.say(name, "calls " + attempt + " " + request.kind() + " " + request.cancel().cancelId());
    venue.call(
        this,
        request,
        world.setting.worker().timeout(request, now),
        (reply, sent) -> reply(request, attempt, reply, sent, now, null));
  }

  /** {@code durable}: for a reply without a marker, the only trace of its request. */
  private void reply(
      CancelRequest request,
      String attempt,
      Reply reply,
      boolean sent,
      @Nullable Instant sentAt,
      @Nullable Runnable durable) {
    if (hazard()) {
      return;
    }
    Instant now = clock();
    if (world.telling()) {
      world.say(name, "replies " + attempt + " " + ReplyKind.of(reply));
    }
    progress.send(
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
                now),
        durable);
  }

  @Override
  void lose() {
    polling = false;
    busy = false;
    progress.lose();
    sources.forEach(s -> s.release(this, world.choices.delay(10, 500, 2000, 100)));
  }

  @Override
  void paused(long length) {
    if (length > 1500) {
      sources.forEach(s -> s.release(this, 1500)); // fenced: others get what it had
    }
  }

  @Override
  void recover() {
    nudge();
  }
}
