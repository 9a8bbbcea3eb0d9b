package io.countermand.codec;

import static io.countermand.codec.Values.decimal;
import static io.countermand.codec.Values.map;
import static io.countermand.codec.Values.micros;
import static io.countermand.codec.Values.microsOrNull;
import static io.countermand.codec.Values.name;
import static io.countermand.codec.Values.named;

import io.countermand.domain.Cancel;
import io.countermand.domain.CxlRejReason;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.decision.QueueView;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.Facts;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.events.AttemptReplied;
import io.countermand.events.AttemptStarted;
import io.countermand.events.CancelProgress;
import io.countermand.events.Joined;
import io.countermand.events.QueueSeen;
import io.countermand.events.Refused;
import io.countermand.events.Repeated;
import io.countermand.events.Routed;
import io.countermand.events.TimerFired;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Progress records between domain and Avro. */
public final class ProgressCodec {

  private ProgressCodec() {}

  /** What the desk decided, where no call leaves at once. */
  public static CancelProgress decided(
      Cancel cancel, DeskDecision decision, Instant at, String by) {
    return decided(cancel, decision, null, at, by);
  }

  /**
   * What the desk decided.
   *
   * @param attemptId the call that leaves once this record is durable, whose marker it is; null:
   *     none leaves at once
   */
  public static CancelProgress decided(
      Cancel cancel, DeskDecision decision, @Nullable String attemptId, Instant at, String by) {
    Object what =
        switch (decision) {
          case DeskDecision.Route route ->
              new Routed(
                  map(route.order(), OrderCodec::toAvro),
                  route.queued(),
                  map(route.seen(), ProgressCodec::toAvro),
                  attemptId);
          case DeskDecision.Refuse refuse ->
              new Refused(
                  name(refuse.reason(), io.countermand.events.Reason.class),
                  refuse.text(),
                  map(refuse.order(), OrderCodec::toAvro),
                  map(refuse.seen(), ProgressCodec::toAvro));
          case DeskDecision.Join join ->
              new Joined(join.leader(), map(join.order(), OrderCodec::toAvro));
          case DeskDecision.Repeat _ -> new Repeated(cancel.intent().offset());
        };
    return progress(cancel, what, at, by);
  }

  /** The marker of a call that is about to leave. */
  public static CancelProgress started(
      Cancel cancel,
      String attemptId,
      int attemptNo,
      RequestKind kind,
      Evidence request,
      Instant at,
      String by) {
    return progress(
        cancel,
        new AttemptStarted(
            attemptId,
            attemptNo,
            name(kind, io.countermand.events.RequestKind.class),
            IntentCodec.toAvro(request)),
        at,
        by);
  }

  /**
   * What became of an attempt.
   *
   * @param requested the request record
   * @param request method and path, without secrets; null: never made
   * @param response the answer as received, cut, without secrets; null: none
   */
  public static CancelProgress replied(
      Cancel cancel,
      String attemptId,
      int attemptNo,
      RequestKind kind,
      Reply reply,
      Evidence requested,
      boolean sent,
      @Nullable Instant sentAt,
      @Nullable String request,
      @Nullable String response,
      Instant at,
      String by) {
    ReplyDetails told = Facts.of(reply.told(), at);
    Reason reason =
        switch (reply) {
          case Reply.Refused refused -> refused.reason();
          case Reply.NotSent notSent -> notSent.reason();
          default -> null;
        };
    Reply.RetryLater later = reply instanceof Reply.RetryLater r ? r : null;
    return progress(
        cancel,
        AttemptReplied.newBuilder()
            .setAttemptId(attemptId)
            .setAttemptNo(attemptNo)
            .setKind(name(kind, io.countermand.events.RequestKind.class))
            .setReply(name(ReplyKind.of(reply), io.countermand.events.ReplyKind.class))
            .setSent(sent)
            .setReason(named(reason, io.countermand.events.Reason.class))
            .setCxlRejReason(
                reply instanceof Reply.Refused refused
                    ? named(refused.cxlRejReason(), io.countermand.events.CxlRejReason.class)
                    : null)
            .setVenueCode(told.code())
            .setVenueMessage(told.message())
            .setOrdStatus(named(told.ordStatus(), io.countermand.events.OrdStatus.class))
            .setRawStatus(told.rawStatus())
            .setExecutedQty(decimal(told.executedQty()))
            .setVenueTime(microsOrNull(told.venueTime()))
            .setRetryAt(later == null ? null : microsOrNull(later.at()))
            .setContinuation(later == null ? null : later.continuation())
            .setSentAt(microsOrNull(sentAt))
            .setRequest(request)
            .setResponse(response)
            .setRequestRecord(
                requested.equals(cancel.intent()) ? null : IntentCodec.toAvro(requested))
            .build(),
        at,
        by);
  }

  /** A time that the ledger waited for. */
  public static CancelProgress timer(Cancel cancel, Instant due, Instant at, String by) {
    return progress(cancel, new TimerFired(micros(due)), at, by);
  }

  private static QueueSeen toAvro(QueueView queue) {
    return new QueueSeen(queue.waiting(), queue.bound());
  }

  private static QueueView fromAvro(QueueSeen queue) {
    return new QueueView(queue.getWaiting(), queue.getBound());
  }

  private static CancelProgress progress(Cancel cancel, Object what, Instant at, String by) {
    return new CancelProgress(IntentCodec.toAvro(cancel), what, micros(at), by);
  }

  /** What a progress record says, in order: one event, or a decision and its call's marker. */
  public static List<LedgerEvent.OfCancel> events(CancelProgress progress, Evidence at) {
    LedgerEvent.OfCancel first = fromAvro(progress, at);
    return progress.getWhat() instanceof Routed routed && routed.getAttemptId() != null
        ? List.of(
            first,
            new LedgerEvent.Started(
                first.cancel(), routed.getAttemptId(), 1, RequestKind.CANCEL, at, first.time()))
        : List.of(first);
  }

  /** What a progress record says first. */
  static LedgerEvent.OfCancel fromAvro(CancelProgress progress, Evidence at) {
    Cancel cancel = IntentCodec.fromAvro(progress.getCancel());
    Instant time = progress.getAt();
    return switch (progress.getWhat()) {
      case Routed routed ->
          new LedgerEvent.Decided(
              cancel,
              new DeskDecision.Route(
                  map(routed.getOrder(), OrderCodec::fromAvro),
                  routed.getQueued(),
                  map(routed.getQueue(), ProgressCodec::fromAvro)),
              at,
              time);
      case Refused refused ->
          new LedgerEvent.Decided(
              cancel,
              new DeskDecision.Refuse(
                  name(refused.getReason(), Reason.class),
                  refused.getText(),
                  map(refused.getOrder(), OrderCodec::fromAvro),
                  map(refused.getQueue(), ProgressCodec::fromAvro)),
              at,
              time);
      case Joined joined ->
          new LedgerEvent.Decided(
              cancel,
              new DeskDecision.Join(
                  joined.getLeader(), map(joined.getOrder(), OrderCodec::fromAvro)),
              at,
              time);
      case Repeated _ -> new LedgerEvent.Decided(cancel, new DeskDecision.Repeat(), at, time);
      case AttemptStarted started ->
          new LedgerEvent.Started(
              cancel,
              started.getAttemptId(),
              started.getAttemptNo(),
              name(started.getKind(), RequestKind.class),
              at,
              time);
      case AttemptReplied replied ->
          new LedgerEvent.Replied(
              cancel,
              replied.getAttemptId(),
              replied.getAttemptNo(),
              name(replied.getKind(), RequestKind.class),
              reply(replied, time),
              replied.getSent(),
              replied.getSentAt(),
              at,
              time);
      case TimerFired fired -> new LedgerEvent.TimerFired(cancel, fired.getDue(), at, time);
      default -> throw new IllegalArgumentException("unknown progress in " + at);
    };
  }

  private static Reply reply(AttemptReplied replied, Instant at) {
    ReplyDetails told =
        Facts.of(
            new ReplyDetails(
                replied.getVenueCode(),
                replied.getVenueMessage(),
                named(replied.getOrdStatus(), OrdStatus.class),
                replied.getRawStatus(),
                decimal(replied.getExecutedQty()),
                replied.getVenueTime()),
            at);
    Reason reason =
        Objects.requireNonNullElse(named(replied.getReason(), Reason.class), Reason.OTHER);
    CxlRejReason fix = named(replied.getCxlRejReason(), CxlRejReason.class);
    return switch (replied.getReply()) {
      case AMBIGUOUS -> new Reply.Ambiguous(told);
      case CANCELED -> new Reply.Canceled(told);
      case ACCEPTED -> new Reply.Accepted(told);
      case NOT_OPEN -> new Reply.NotOpen(told);
      case UNKNOWN_ORDER -> new Reply.UnknownOrder(told);
      case GONE_OR_UNKNOWN -> new Reply.GoneOrUnknown(told);
      case REFUSED -> new Reply.Refused(reason, fix == null ? reason.cxlRejReason() : fix, told);
      case RETRY_LATER ->
          new Reply.RetryLater(replied.getRetryAt(), replied.getContinuation(), told);
      case UNAUTHORIZED -> new Reply.Unauthorized(told);
      case NOT_SENT -> new Reply.NotSent(reason, told);
      case STATUS -> new Reply.Status(told);
    };
  }
}
