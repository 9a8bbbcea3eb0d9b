package io.countermand.simulation;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Evidence;
import io.countermand.domain.GateDecision;
import io.countermand.domain.GateOrder;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.LedgerEvent;
import io.countermand.domain.OrderEvent;
import io.countermand.domain.OrderRef;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.RequestKind;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The gate: Kafka Streams, at-least-once. */
final class Gate extends Part {

  private final Cursor<Intent> intents;
  private final Cursor<OrderEvent> events;
  private final Cursor<Outcome> outcomes;
  private final Outbox<World.Change> changelog;
  private final Outbox<World.Progress> progress;
  private final Outbox<CancelRequest> requests;
  private final Outbox<World.Dead> dead;
  private final Map<OrderRef, GateOrder> table = new HashMap<>();

  /** Offset of the first event that ended an order for good, as the harness itself sees it. */
  private final Map<OrderRef, Integer> ended = new HashMap<>();

  private boolean polling;
  private boolean committing;

  Gate(World world) {
    super(world, "gate");
    boolean committedOnly = !world.faults.gateReadsUncommitted();
    intents = new Cursor<>(world.intents, committedOnly);
    events = new Cursor<>(world.events, committedOnly);
    outcomes = new Cursor<>(world.outcomes, committedOnly);
    int late = world.faults.staleChangelog() ? world.faults.lateSend() : 0;
    changelog = new Outbox<>(this, world.changelog, late);
    progress = new Outbox<>(this, world.progress);
    requests = new Outbox<>(this, world.requests);
    dead = new Outbox<>(this, world.dead);
    world.intents.onChange(this::nudge);
    world.events.onChange(this::nudge);
    world.outcomes.onChange(this::nudge);
  }

  private void nudge() {
    if (up() && !polling) {
      polling = true;
      later(world.choices.delay(0, 4, 700, world.slow()), this::poll);
    }
  }

  private void poll() {
    polling = false;
    if (hazard()) {
      return;
    }
    boolean read =
        switch (world.choices.pick(3)) {
          case 0 -> readIntent() || readEvent() || readOutcome();
          case 1 -> readEvent() || readOutcome() || readIntent();
          default -> readOutcome() || readIntent() || readEvent();
        };
    if (read) {
      commitSoon();
      nudge();
    }
  }

  private boolean readIntent() {
    if (!fetched(intents)) {
      return false;
    }
    int offset = intents.next;
    Log.Entry<Intent> entry = intents.take();
    Evidence at = new Evidence(world.intents.name, 0, offset);
    switch (world.setting.check().check(entry.value(), at, world.appended(entry.at()))) {
      case IntentCheck.Unanswerable _ -> {
        world.say(name, "intent@" + offset + " unanswerable -> dead letters");
        if (world.conduct.keepsDeadLetters()) {
          dead.send(new World.Dead(world.intents.name, offset), null);
        }
      }
      case IntentCheck.Malformed malformed ->
          decided(
              malformed.cancel(),
              new GateDecision.Refuse(Reason.MALFORMED, malformed.text(), null));
      case IntentCheck.WellFormed good -> decide(good.cancel());
    }
    return true;
  }

  private void decide(Cancel cancel) {
    GateOrder known = table.getOrDefault(cancel.order(), GateOrder.NONE);
    Instant now = clock();
    GateDecision decision = world.conduct.decide(world.setting.gate(), known, cancel, now);
    if (decision instanceof GateDecision.Route && !cancel.override() && shownEnded(cancel)) {
      world.broke("3: routed " + cancel.cancelId() + " though its order had been seen to end");
    }
    decided(cancel, decision);
    if (decision instanceof GateDecision.Route) {
      requests.send(new CancelRequest(cancel, RequestKind.CANCEL, 1, null, now), null);
    }
  }

  private void decided(Cancel cancel, GateDecision decision) {
    GateOrder known = table.getOrDefault(cancel.order(), GateOrder.NONE);
    GateOrder next = world.conduct.apply(world.setting.gate(), known, cancel, decision);
    if (!next.equals(known)) {
      put(cancel.order(), next);
    }
    said(cancel, decision);
  }

  private boolean shownEnded(Cancel cancel) {
    Integer offset = ended.get(cancel.order());
    return offset != null && events.next > offset;
  }

  private void said(Cancel cancel, GateDecision decision) {
    if (world.telling()) {
      world.say(
          name,
          "intent@" + cancel.intent().offset() + " " + cancel.cancelId() + " -> " + tell(decision));
    }
    Instant now = clock();
    progress.send(at -> new LedgerEvent.GateSaid(cancel, decision, at, now), null);
  }

  private static String tell(GateDecision decision) {
    return switch (decision) {
      case GateDecision.Route _ -> "Route";
      case GateDecision.Refuse refuse -> "Refuse " + refuse.reason();
      case GateDecision.Join join -> "Join " + join.leader();
      case GateDecision.Repeat _ -> "Repeat";
    };
  }

  private boolean readEvent() {
    if (!fetched(events)) {
      return false;
    }
    int offset = events.next;
    OrderEvent event = events.take().value();
    if (event.ordStatus().terminal()) {
      ended.merge(event.order(), offset, Math::min);
    }
    GateOrder known = table.getOrDefault(event.order(), GateOrder.NONE);
    Evidence at = new Evidence(world.events.name, 0, offset);
    put(event.order(), known.withOrder(world.conduct.fold(known.order(), event, at)));
    world.say(name, "event@" + offset + " " + event.ordStatus());
    return true;
  }

  private boolean readOutcome() {
    if (!fetched(outcomes)) {
      return false;
    }
    int offset = outcomes.next;
    Outcome outcome = outcomes.take().value();
    OrderRef order = outcome.cancel().order();
    GateOrder known = table.getOrDefault(order, GateOrder.NONE);
    put(order, world.conduct.settled(known, outcome, world.setting.gate().slack()));
    world.say(name, "hears outcome@" + offset + " of " + outcome.cancel().cancelId());
    return true;
  }

  private boolean fetched(Cursor<?> cursor) {
    if (!cursor.ready(world.time.now())) {
      return false;
    }
    if (world.choices.chance(world.slow())) {
      long wait = world.choices.between(20, 2500);
      cursor.blockedUntil = world.time.now() + wait;
      world.disturbed(wait);
      later(wait, this::nudge);
      return false;
    }
    return true;
  }

  private void put(OrderRef order, GateOrder state) {
    table.put(order, state);
    changelog.send(new World.Change(order, state), null);
  }

  private void commitSoon() {
    if (!committing) {
      committing = true;
      later(world.choices.delay(1, 30, 400, 100), this::commit);
    }
  }

  private void commit() {
    committing = false;
    if (hazard()) {
      return;
    }
    if (world.conduct.flushesBeforeCommit()) {
      changelog.flush();
      progress.flush();
      requests.flush();
      dead.flush();
    }
    if (hazard()) {
      return;
    }
    intents.committed = intents.next;
    events.committed = events.next;
    outcomes.committed = outcomes.next;
  }

  @Override
  void lose() {
    polling = false;
    committing = false;
    changelog.lose();
    progress.lose();
    requests.lose();
    dead.lose();
  }

  @Override
  void recover() {
    intents.rewind();
    events.rewind();
    outcomes.rewind();
    table.clear();
    for (int i = 0; i < world.changelog.end(); i++) {
      World.Change change = world.changelog.get(i).value();
      table.put(change.order(), change.state());
    }
    nudge();
  }
}
