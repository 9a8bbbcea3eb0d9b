// Over 300 lines: all that an intent can become at the desk, each way to its end.
package io.countermand.desk;

import io.countermand.codec.IntentCodec;
import io.countermand.codec.ProgressCodec;
import io.countermand.desk.lane.AttemptRun;
import io.countermand.desk.lane.LaneCall;
import io.countermand.desk.lane.VenueLane;
import io.countermand.desk.lane.WaitingCalls;
import io.countermand.desk.lease.TaskLease;
import io.countermand.desk.settings.DeskSettings;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.Reason;
import io.countermand.domain.RequestKind;
import io.countermand.domain.TraceContext;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.decision.QueueView;
import io.countermand.domain.lease.Lease;
import io.countermand.domain.order.Evidence;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelProgress;
import io.countermand.events.DeadLetterReason;
import io.countermand.kafka.Placement;
import io.countermand.kafka.streams.Alarm;
import io.countermand.kafka.streams.DurableSends;
import io.countermand.kafka.trace.Hop;
import io.countermand.kafka.trace.TraceHeaders;
import io.countermand.kafka.trace.TraceLog;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a task does with an intent. For the task's own thread. */
final class IntentDecisions {

  private static final Logger LOG = LoggerFactory.getLogger(IntentDecisions.class);

  private final DeskSettings settings;
  private final Placement placement;
  private final Map<String, VenueLane> lanes;
  private final DurableSends sends;
  private final DeskMeters meters;
  private final OrderTable orders;
  private final WaitingCalls waiting;
  private final Alarm handed;
  private final TaskLease lease;
  private final String by;

  /**
   * @param handed looks which waiting calls were made
   */
  IntentDecisions(
      DeskSettings settings,
      Placement placement,
      Map<String, VenueLane> lanes,
      DurableSends sends,
      DeskMeters meters,
      OrderTable orders,
      WaitingCalls waiting,
      Alarm handed,
      TaskLease lease) {
    this.lease = lease;
    this.settings = settings;
    this.placement = placement;
    this.lanes = lanes;
    this.sends = sends;
    this.meters = meters;
    this.orders = orders;
    this.waiting = waiting;
    this.handed = handed;
    this.by = settings.by();
  }

  /** An intent of this group's: checked, moved to its place, or decided. */
  void decide(CancelIntent value, Record<byte[], byte[]> record, Evidence at, Outbox out) {
    Intent intent = IntentCodec.fromAvro(value);
    Instant now = Instant.now();
    switch (settings.check().check(intent, at, Instant.ofEpochMilli(record.timestamp()))) {
      case IntentCheck.Unanswerable(String text) ->
          out.deadLetter(record, at, DeadLetterReason.NO_CANCEL_ID, text);
      case IntentCheck.Malformed(Cancel cancel, String text) ->
          malformed(cancel, text, now, record, out);
      case IntentCheck.WellFormed(Cancel cancel) -> {
        String key = cancel.order().key();
        if (placement.right(record.key(), at.partition(), key)) {
          decide(cancel, key, now, record, out);
          return;
        }
        Set<String> moves = placement.moves(record.headers(), at);
        if (moves.size() < Placement.MOST_MOVES) {
          out.move(record, at, key, IntentCodec.toAvro(IntentCheck.cut(intent)), moves);
        } else { // it would go round for ever; the ledger answers it where its order stands
          malformed(cancel, Placement.WRONG_PLACE + moves, now, record, out);
        }
      }
    }
  }

  /** Refuses it; where it stands, it may meet no other cancel of its order. */
  private void malformed(
      Cancel cancel, String text, Instant now, Record<byte[], byte[]> record, Outbox out) {
    String key = cancel.order().key();
    var refusal = new DeskDecision.Refuse(Reason.MALFORMED, text, null);
    TraceContext asked = TraceHeaders.read(record.headers());
    TraceContext trace = asked == null ? null : asked.atDesk(cancel);
    send(cancel, key, refusal, now, out, trace);
    told(asked, trace, cancel, refusal, now);
    meters.decided(cancel.order().venue(), refusal);
    if (placement.right(record.key(), cancel.intent().partition(), key)) {
      DeskOrder known = orders.get(key);
      orders.put(key, known, settings.rules().apply(known, cancel, refusal));
    }
  }

  private void decide(
      Cancel cancel, String key, Instant now, Record<byte[], byte[]> record, Outbox out) {
    DeskOrder known = orders.get(key);
    VenueLane lane = lanes.get(cancel.order().venue());
    TraceContext asked = TraceHeaders.read(record.headers());
    TraceContext trace = asked == null ? null : asked.atDesk(cancel);
    boolean found = waiting.found(cancel);
    DeskDecision decision =
        found
            ? settings.rules().decideFound(known, cancel, now)
            : settings
                .rules()
                .decide(known, cancel, now, lane == null ? QueueView.EMPTY : lane.view(cancel));
    if (lane != null && decision instanceof DeskDecision.Route route) {
      String attemptId = AttemptRun.newId();
      var request = new CancelRequest(cancel, RequestKind.CANCEL, 1, null, now, trace);
      LaneCall call = waiting.announced(request, cancel.intent(), attemptId);
      VenueLane.Offer offer = waiting.first(lane, call);
      boolean queued = offer == VenueLane.Offer.QUEUED;
      decision = new DeskDecision.Route(route.order(), queued, route.seen());
      if (offer == VenueLane.Offer.STARTED) {
        announce(lane, call, attemptId, decision, now, out);
      } else {
        send(cancel, key, decision, now, out, trace);
      }
      if (queued) {
        handed.noLaterThan(now.plus(WaitingCalls.HANDED_EVERY));
      }
    } else {
      send(cancel, key, decision, now, out, trace);
      if (lane != null
          && cancel.massId() != null
          && decision instanceof DeskDecision.Join(String leader, _)) {
        waiting.hurry(lane, key, leader);
      }
    }
    DeskOrder next =
        found
            ? settings.rules().applyFound(known, cancel, decision, now)
            : settings.rules().apply(known, cancel, decision);
    orders.put(key, known, next);
    meters.decided(cancel.order().venue(), decision);
    told(asked, trace, cancel, decision, now);
  }

  private void send(
      Cancel cancel,
      String key,
      DeskDecision decision,
      Instant now,
      Outbox out,
      @Nullable TraceContext trace) {
    CancelProgress record = ProgressCodec.decided(cancel, decision, now, by);
    Lease.Place place = here(cancel) ? lease.place(cancel) : null;
    if (place == null) {
      out.decided(key, record, null, trace);
      return;
    }
    sends.send(
        () -> out.decided(key, record, place, trace),
        new DurableSends.Then() {
          @Override
          public void durable(Instant appended, Evidence at) {}

          @Override
          public void failed() {
            lease.lost();
          }
        });
  }

  /** Whether its decision goes to this task's own partition of the progress. */
  private boolean here(Cancel cancel) {
    return placement.right(
        cancel.order().key().getBytes(StandardCharsets.UTF_8),
        cancel.intent().partition(),
        cancel.order().key());
  }

  /**
   * The decision is the marker of a call that leaves once it is durable, or at once under a lease.
   */
  private void announce(
      VenueLane lane,
      LaneCall call,
      String attemptId,
      DeskDecision decision,
      Instant now,
      Outbox out) {
    Cancel cancel = call.request().cancel();
    TaskLease.Leave leave;
    CancelProgress record;
    Lease.Place place;
    try {
      leave = lease.leave(cancel);
      record = ProgressCodec.decided(cancel, decision, attemptId, now, by);
      place = lease.place(cancel, attemptId); // from here on a gap, unless it is sent
    } catch (RuntimeException e) {
      lane.unannounced(call); // else its permits were taken for ever
      throw e;
    }
    var marked = new CompletableFuture<@Nullable Instant>();
    try {
      send(lane, call, attemptId, leave, record, place, marked, out);
    } catch (RuntimeException e) {
      if (leave != null) { // without one it has heard so
        lane.unannounced(call);
      }
      throw e;
    }
    if (leave != null) {
      lane.leased(call, attemptId, leave, marked);
    }
  }

  private void send(
      VenueLane lane,
      LaneCall call,
      String attemptId,
      TaskLease.@Nullable Leave leave,
      CancelProgress record,
      Lease.Place place,
      CompletableFuture<@Nullable Instant> marked,
      Outbox out) {
    Cancel cancel = call.request().cancel();
    sends.send(
        () -> out.decided(cancel.order().key(), record, place, call.request().trace()),
        new DurableSends.Then() {
          @Override
          public void durable(Instant appended, Evidence at) {
            lane.marked(call, at);
            if (leave == null) {
              lane.announced(call, attemptId, appended);
            } else {
              marked.complete(appended);
            }
          }

          @Override
          public void failed() {
            lease.lost();
            lane.unmarked(call);
            if (leave == null) {
              lane.unannounced(call);
            } else {
              marked.complete(null);
            }
          }
        });
  }

  /**
   * An intent that another group of desks decides: this one's table takes it for decided, so that
   * it knows of cancels in flight when the venue comes here, or comes back.
   */
  void readAlong(CancelIntent value, Record<byte[], byte[]> record, Evidence at) {
    try {
      if (settings
                  .check()
                  .check(IntentCodec.fromAvro(value), at, Instant.ofEpochMilli(record.timestamp()))
              instanceof IntentCheck.WellFormed(Cancel cancel)
          && placement.right(record.key(), at.partition(), cancel.order().key())) {
        String key = cancel.order().key();
        DeskOrder known = orders.get(key);
        DeskDecision decision =
            settings.rules().decide(known, cancel, Instant.now(), QueueView.EMPTY);
        orders.put(key, known, settings.rules().apply(known, cancel, decision));
      }
    } catch (KafkaException e) {
      throw e;
    } catch (RuntimeException e) { // the other group answers for it
      LOG.atDebug().addKeyValue("record", at).setCause(e).log("record could not be read along");
    }
  }

  private void told(
      @Nullable TraceContext asked,
      @Nullable TraceContext here,
      Cancel cancel,
      DeskDecision decision,
      Instant taken) {
    if (asked != null && here != null && here.sampled()) {
      String what = decision.getClass().getSimpleName();
      TraceLog.hop("desk", here, asked.spanId(), cancel.cancelId(), what);
      settings
          .hops()
          .took(new Hop.Decided(here, asked.spanId(), cancel, decision, taken, Instant.now()));
    }
  }
}
