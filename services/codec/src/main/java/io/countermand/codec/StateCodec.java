// Over 300 lines: all that the stores hold between domain and Avro, each form once.
package io.countermand.codec;

import static io.countermand.codec.Values.all;
import static io.countermand.codec.Values.decimal;
import static io.countermand.codec.Values.map;
import static io.countermand.codec.Values.micros;
import static io.countermand.codec.Values.microsOrNull;
import static io.countermand.codec.Values.name;
import static io.countermand.codec.Values.named;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Reason;
import io.countermand.domain.TraceContext;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.lease.LeaseProof;
import io.countermand.domain.lease.Leases;
import io.countermand.domain.lifecycle.FindingKind;
import io.countermand.domain.lifecycle.JudgedCancel;
import io.countermand.domain.lifecycle.Lifecycle;
import io.countermand.domain.lifecycle.OpenCancel;
import io.countermand.domain.lifecycle.OrderLedger;
import io.countermand.domain.lifecycle.ReadPositions;
import io.countermand.domain.order.OrdStatus;
import io.countermand.events.serde.Trust;
import io.countermand.state.AttemptState;
import io.countermand.state.DeskOrderState;
import io.countermand.state.FlightState;
import io.countermand.state.HeldLeaseState;
import io.countermand.state.IntentSpanState;
import io.countermand.state.JudgedCancelState;
import io.countermand.state.JudgedOrderState;
import io.countermand.state.LeasesState;
import io.countermand.state.OpenCancelState;
import io.countermand.state.OrderLedgerState;
import io.countermand.state.PastState;
import io.countermand.state.ReadPositionState;
import io.countermand.state.ReadPositionsState;
import io.countermand.state.RefusalState;
import io.countermand.state.SettledIdState;
import io.countermand.state.SettledOrderState;
import io.countermand.state.SettledState;
import io.countermand.state.TraceState;
import io.countermand.state.TracedOrderState;
import io.countermand.state.UnreadableDecisionsState;
import io.countermand.state.WaitingCallState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What desk and ledger keep in their stores, as bytes: Avro single objects, which name the schema
 * they were written with. Thread-safe.
 */
public final class StateCodec {

  static {
    Trust.ourRecords();
  }

  private static final SingleObjects<DeskOrderState> ORDER_OBJECTS =
      new SingleObjects<>(DeskOrderState.class, DeskOrderState.getDecoder());
  private static final SingleObjects<OrderLedgerState> LEDGER_OBJECTS =
      new SingleObjects<>(OrderLedgerState.class, OrderLedgerState.getDecoder());
  private static final SingleObjects<SettledState> SETTLED_OBJECTS =
      new SingleObjects<>(SettledState.class, SettledState.getDecoder());

  private static final SingleObjects<WaitingCallState> WAITING_OBJECTS =
      new SingleObjects<>(WaitingCallState.class, WaitingCallState.getDecoder());

  private static final SingleObjects<ReadPositionsState> POSITIONS_OBJECTS =
      new SingleObjects<>(ReadPositionsState.class, ReadPositionsState.getDecoder());

  private static final SingleObjects<LeasesState> LEASES_OBJECTS =
      new SingleObjects<>(LeasesState.class, LeasesState.getDecoder());

  private static final SingleObjects<TracedOrderState> TRACED_OBJECTS =
      new SingleObjects<>(TracedOrderState.class, TracedOrderState.getDecoder());

  private static final SingleObjects<JudgedOrderState> JUDGED_OBJECTS =
      new SingleObjects<>(JudgedOrderState.class, JudgedOrderState.getDecoder());

  private static final SingleObjects<SettledOrderState> SETTLED_ORDER_OBJECTS =
      new SingleObjects<>(SettledOrderState.class, SettledOrderState.getDecoder());

  private StateCodec() {}

  public static byte[] bytes(DeskOrder order) {
    return encode(
        () ->
            new DeskOrderState(
                    map(order.order(), OrderCodec::toAvro),
                    map(order.flight(), StateCodec::toAvro),
                    all(order.joined(), StateCodec::toAvro),
                    all(
                        order.refused(),
                        r ->
                            new RefusalState(
                                toAvro(r.cancel()),
                                name(r.reason(), io.countermand.events.Reason.class))),
                    all(
                        order.recent(),
                        p -> new PastState(p.cancelId(), p.digest(), micros(p.settledAt()))))
                .toByteBuffer());
  }

  public static DeskOrder deskOrder(byte[] bytes) {
    DeskOrderState state = decode(() -> ORDER_OBJECTS.read(bytes));
    return new DeskOrder(
        map(state.getOrder(), OrderCodec::fromAvro),
        map(state.getFlight(), StateCodec::fromAvro),
        all(state.getJoined(), StateCodec::fromAvro),
        all(
            state.getRefused(),
            r -> new DeskOrder.Refusal(fromAvro(r.getCancel()), name(r.getReason(), Reason.class))),
        all(
            state.getRecent(),
            p -> new DeskOrder.Past(p.getCancelId(), p.getDigest(), p.getSettledAt())));
  }

  private static FlightState toAvro(DeskOrder.Flight flight) {
    return new FlightState(
        flight.cancelId(), flight.digest(), flight.offset(), micros(flight.until()));
  }

  private static DeskOrder.Flight fromAvro(FlightState flight) {
    return new DeskOrder.Flight(
        flight.getCancelId(), flight.getDigest(), flight.getOffset(), flight.getUntil());
  }

  public static byte[] bytes(WaitingCall call) {
    TraceContext trace = call.request().trace();
    return encode(
        () ->
            new WaitingCallState(
                    IntentCodec.toAvro(call.request()),
                    IntentCodec.toAvro(call.at()),
                    trace == null ? null : trace.traceparent(),
                    trace == null ? null : trace.state())
                .toByteBuffer());
  }

  public static WaitingCall waitingCall(byte[] bytes) {
    WaitingCallState state = decode(() -> WAITING_OBJECTS.read(bytes));
    return new WaitingCall(
        IntentCodec.fromAvro(state.getRequest())
            .traced(TraceContext.parse(state.getTraceparent(), state.getTracestate())),
        IntentCodec.fromAvro(state.getAt()));
  }

  /** As before there were traces, or judged and settled cancels, where the page has none. */
  public static byte[] bytes(LedgerPage page) {
    OrderLedgerState state = toAvro(page.ledger());
    List<JudgedCancel> judged = page.ledger().judged();
    List<TraceState> traces = traces(page.traces());
    if (page.ledger().equals(OrderLedger.NONE) && traces.isEmpty() && !page.settled().isEmpty()) {
      return encode(
          () -> new SettledOrderState(all(page.settled(), StateCodec::toAvro)).toByteBuffer());
    }
    List<SettledIdState> settled = new ArrayList<>();
    for (SettledId one : page.settled()) {
      if (judged.stream().noneMatch(cancel -> settles(cancel, one))) {
        settled.add(toAvro(one));
      }
    }
    return encode(
        () ->
            !judged.isEmpty() || !settled.isEmpty()
                ? new JudgedOrderState(
                        state, traces, all(judged, one -> toAvro(one, page.settled())), settled)
                    .toByteBuffer()
                : traces.isEmpty()
                    ? state.toByteBuffer()
                    : new TracedOrderState(state, traces).toByteBuffer());
  }

  /** Whether a page has settled cancels and nothing else; looks at its first bytes only. */
  public static boolean onlySettled(byte[] page) {
    return SETTLED_ORDER_OBJECTS.wrote(page);
  }

  public static LedgerPage ledgerPage(byte[] bytes) {
    if (onlySettled(bytes)) {
      SettledOrderState state = decode(() -> SETTLED_ORDER_OBJECTS.read(bytes));
      return new LedgerPage(
          OrderLedger.NONE, Map.of(), all(state.getSettled(), StateCodec::fromAvro));
    }
    if (JUDGED_OBJECTS.wrote(bytes)) {
      JudgedOrderState state = decode(() -> JUDGED_OBJECTS.read(bytes));
      return new LedgerPage(
          fromAvro(state.getLedger(), all(state.getJudged(), StateCodec::fromAvro)),
          traced(state.getTraces()),
          settled(state));
    }
    if (!TRACED_OBJECTS.wrote(bytes)) {
      OrderLedgerState state = decode(() -> LEDGER_OBJECTS.read(bytes));
      return new LedgerPage(fromAvro(state, List.of()), Map.of());
    }
    TracedOrderState state = decode(() -> TRACED_OBJECTS.read(bytes));
    return new LedgerPage(fromAvro(state.getLedger(), List.of()), traced(state.getTraces()));
  }

  private static List<TraceState> traces(Map<String, TraceContext> traces) {
    return traces.entrySet().stream()
        .map(t -> new TraceState(t.getKey(), t.getValue().traceparent(), t.getValue().state()))
        .toList();
  }

  private static Map<String, TraceContext> traced(List<TraceState> states) {
    Map<String, TraceContext> traces = new HashMap<>();
    for (TraceState trace : states) {
      TraceContext read = TraceContext.parse(trace.getTraceparent(), trace.getTracestate());
      if (read != null) {
        traces.put(trace.getCancelId(), read);
      }
    }
    return Map.copyOf(traces);
  }

  /** Whether a page says with the cancel all that it says of the settled id. */
  private static boolean settles(JudgedCancel judged, SettledId id) {
    return judged.cancel().cancelId().equals(id.cancelId())
        && judged.cancel().digest().equals(id.settled().digest())
        && judged.decidedAt().equals(id.settled().at());
  }

  /** Those that stand by themselves are the older ones. */
  private static List<SettledId> settled(JudgedOrderState state) {
    List<SettledId> all = new ArrayList<>(all(state.getSettled(), StateCodec::fromAvro));
    for (JudgedCancelState one : state.getJudged()) {
      if (one.getSettledOffset() != null) {
        all.add(
            new SettledId(
                one.getCancel().getCancelId(),
                new Lifecycle.Settled(
                    one.getCancel().getDigest(), one.getDecidedAt(), one.getSettledOffset())));
      }
    }
    return List.copyOf(all);
  }

  private static JudgedCancelState toAvro(JudgedCancel judged, List<SettledId> settled) {
    Long offset = null;
    for (SettledId id : settled) {
      offset = settles(judged, id) ? Long.valueOf(id.settled().intentOffset()) : offset;
    }
    return new JudgedCancelState(
        IntentCodec.toAvro(judged.cancel()),
        name(judged.result(), io.countermand.events.CancelResult.class),
        name(judged.reason(), io.countermand.events.Reason.class),
        named(judged.ordStatus(), io.countermand.events.OrdStatus.class),
        decimal(judged.cumQty()),
        micros(judged.decidedAt()),
        judged.attempts(),
        all(judged.told(), FindingKind::name),
        offset);
  }

  private static JudgedCancel fromAvro(JudgedCancelState state) {
    return new JudgedCancel(
        IntentCodec.fromAvro(state.getCancel()),
        name(state.getResult(), CancelResult.class),
        name(state.getReason(), Reason.class),
        named(state.getOrdStatus(), OrdStatus.class),
        decimal(state.getExecutedQty()),
        state.getDecidedAt(),
        List.copyOf(state.getAttempts()),
        all(state.getTold(), FindingKind::valueOf));
  }

  private static OrderLedgerState toAvro(OrderLedger ledger) {
    return new OrderLedgerState(
        map(ledger.order(), OrderCodec::toAvro),
        all(ledger.open(), StateCodec::toAvro),
        micros(ledger.touchedAt()));
  }

  private static OrderLedger fromAvro(OrderLedgerState state, List<JudgedCancel> judged) {
    return new OrderLedger(
        map(state.getOrder(), OrderCodec::fromAvro),
        all(state.getOpen(), StateCodec::fromAvro),
        judged,
        state.getTouchedAt());
  }

  public static byte[] bytes(Lifecycle.Settled settled) {
    return encode(() -> toAvro(settled).toByteBuffer());
  }

  public static Lifecycle.Settled settled(byte[] bytes) {
    return fromAvro(decode(() -> SETTLED_OBJECTS.read(bytes)));
  }

  private static SettledState toAvro(Lifecycle.Settled settled) {
    return new SettledState(settled.digest(), micros(settled.at()), settled.intentOffset());
  }

  private static Lifecycle.Settled fromAvro(SettledState state) {
    return new Lifecycle.Settled(state.getDigest(), state.getSettledAt(), state.getIntentOffset());
  }

  private static SettledIdState toAvro(SettledId one) {
    return new SettledIdState(one.cancelId(), toAvro(one.settled()));
  }

  private static SettledId fromAvro(SettledIdState state) {
    return new SettledId(state.getCancelId(), fromAvro(state.getSettled()));
  }

  public static byte[] bytes(ReadPositions positions) {
    List<ReadPositionState> newest = new ArrayList<>(positions.newest().size());
    positions
        .newest()
        .forEach((topic, at) -> newest.add(new ReadPositionState(topic, at.offset(), at.at())));
    return encode(
        () ->
            new ReadPositionsState(
                    newest, positions.forgotten().offset(), micros(positions.forgotten().at()))
                .toByteBuffer());
  }

  public static ReadPositions readPositions(byte[] bytes) {
    ReadPositionsState state = decode(() -> POSITIONS_OBJECTS.read(bytes));
    Map<String, ReadPositions.Position> newest = new HashMap<>();
    for (ReadPositionState one : state.getNewest()) {
      newest.put(one.getTopic(), new ReadPositions.Position(one.getOffset(), one.getAppendedAt()));
    }
    return new ReadPositions(
        Map.copyOf(newest),
        new ReadPositions.Position(state.getForgottenOffset(), state.getForgottenAt()));
  }

  public static byte[] bytes(Leases leases) {
    return encode(
        () ->
            new LeasesState(
                    all(leases.held(), StateCodec::toAvro),
                    all(
                        leases.unreadable(),
                        one ->
                            new UnreadableDecisionsState(
                                one.lease(),
                                one.attempt(),
                                one.venue(),
                                one.from(),
                                one.to(),
                                one.appended())))
                .toByteBuffer());
  }

  public static Leases leases(byte[] bytes) {
    LeasesState state = decode(() -> LEASES_OBJECTS.read(bytes));
    return new Leases(
        all(state.getHeld(), StateCodec::fromAvro),
        all(
            state.getUnreadable(),
            one ->
                new Leases.Unreadable(
                    one.getLease(),
                    one.getAttempt(),
                    one.getVenue(),
                    one.getFromOffset(),
                    one.getToOffset(),
                    one.getAppendedAt())));
  }

  private static HeldLeaseState toAvro(Leases.Held held) {
    return new HeldLeaseState(
        held.id(),
        List.copyOf(held.venues()),
        held.from(),
        held.to(),
        held.proof().decisions(),
        held.proof().through(),
        all(held.proof().gaps(), gap -> new IntentSpanState(gap.from(), gap.to())),
        held.ended(),
        held.heardAt());
  }

  private static Leases.Held fromAvro(HeldLeaseState state) {
    return new Leases.Held(
        state.getId(),
        Set.copyOf(state.getVenues()),
        state.getFromOffset(),
        state.getToOffset(),
        new LeaseProof(
            state.getDecisions(),
            state.getThrough(),
            all(
                state.getGaps(),
                gap -> new LeaseProof.Span(gap.getFromOffset(), gap.getToOffset()))),
        state.getEnded(),
        state.getHeardAt());
  }

  private static OpenCancelState toAvro(OpenCancel open) {
    return OpenCancelState.newBuilder()
        .setCancel(IntentCodec.toAvro(open.cancel()))
        .setPhase(open.phase().name())
        .setBelief(open.belief().name())
        .setLeader(open.leader())
        .setAttempts(all(open.attempts(), a -> new AttemptState(OutcomeCodec.toAvro(a), a.lost())))
        .setAsks(open.asks())
        .setCancelTries(open.cancelTries())
        .setStatusTries(open.statusTries())
        .setNextAt(microsOrNull(open.nextAt()))
        .setConfirmBy(microsOrNull(open.confirmBy()))
        .setContinuation(open.continuation())
        .setLastReason(named(open.lastReason(), io.countermand.events.Reason.class))
        .setLastText(open.lastText())
        .setEvidence(all(open.evidence(), IntentCodec::toAvro))
        .build();
  }

  private static OpenCancel fromAvro(OpenCancelState state) {
    return new OpenCancel(
        IntentCodec.fromAvro(state.getCancel()),
        OpenCancel.Phase.valueOf(state.getPhase()),
        OpenCancel.Belief.valueOf(state.getBelief()),
        state.getLeader(),
        all(state.getAttempts(), a -> OutcomeCodec.fromAvro(a.getAttempt(), a.getLost())),
        state.getAsks(),
        state.getCancelTries(),
        state.getStatusTries(),
        state.getNextAt(),
        state.getConfirmBy(),
        state.getContinuation(),
        named(state.getLastReason(), Reason.class),
        state.getLastText(),
        all(state.getEvidence(), IntentCodec::fromAvro));
  }

  private interface Encoding {
    ByteBuffer run() throws IOException;
  }

  private interface Decoding<T> {
    T run() throws IOException;
  }

  private static byte[] encode(Encoding encoding) {
    try {
      ByteBuffer buffer = encoding.run();
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException("state could not be written", e);
    }
  }

  private static <T> T decode(Decoding<T> decoding) {
    try {
      return decoding.run();
    } catch (IOException e) {
      throw new UncheckedIOException("state could not be read", e);
    }
  }
}
