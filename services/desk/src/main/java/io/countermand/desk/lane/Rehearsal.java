package io.countermand.desk.lane;

import io.countermand.codec.IntentCodec;
import io.countermand.codec.OrderCodec;
import io.countermand.codec.OutcomeCodec;
import io.countermand.codec.ProgressCodec;
import io.countermand.codec.StateCodec;
import io.countermand.codec.TimeBounds;
import io.countermand.desk.settings.DeskSettings;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.CancelResult;
import io.countermand.domain.DecidedBy;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.decision.QueueView;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.Facts;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderFold;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;

/**
 * One cancel's whole way through a desk, in memory: order event, intent, decision, marker, reply
 * and outcome, each to bytes and back, through the same rules and codecs. Classes are loaded,
 * schema ids fetched and code compiled by it, so that the first real cancel pays for none of that.
 * Nothing reaches a topic, a store or a venue. Not thread-safe.
 */
final class Rehearsal {

  private static final String BY = "rehearsal";

  private final DeskSettings settings;
  private final Serializer<SpecificRecord> values;
  private final EventDecoder<CancelIntent> intents;
  private final EventDecoder<io.countermand.events.OrderEvent> orderEvents;
  private final EventDecoder<CancelOutcome> outcomes;

  Rehearsal(DeskSettings settings, EventSerdes serdes) {
    this.settings = settings;
    this.values = serdes.serializer(SpecificRecord.class);
    this.intents = serdes.decoder(CancelIntent.class);
    this.orderEvents = serdes.decoder(io.countermand.events.OrderEvent.class);
    this.outcomes = serdes.decoder(CancelOutcome.class);
  }

  /**
   * Once, for this venue.
   *
   * @return what the venue's reply was taken for
   * @throws io.countermand.events.serde.RegistryUnavailableException if a schema's id is not known
   *     and the registry away
   */
  CancelResult play(DeskSettings.Venue venue) {
    Instant now = Instant.now();
    OrderRef order = new OrderRef(venue.name(), "account", "1");
    DeskOrder known = ordered(order, now);
    Intent intent =
        new Intent(
            "rehearsal",
            order,
            null,
            null,
            null,
            now.plusSeconds(10),
            false,
            true,
            null,
            Map.of(),
            now);
    Intent read =
        IntentCodec.fromAvro(again(Topics.INTENTS, IntentCodec.toAvro(intent), this.intents));
    if (!(settings.check().check(read, new Evidence(Topics.INTENTS, 0, 1), now)
        instanceof IntentCheck.WellFormed(Cancel cancel))) {
      throw new IllegalStateException("the rehearsed intent is not well-formed");
    }
    DeskDecision decision = settings.rules().decide(known, cancel, now, QueueView.EMPTY);
    String attemptId = AttemptRun.newId();
    bytes(Topics.PROGRESS, ProgressCodec.decided(cancel, decision, attemptId, now, BY));
    known = stored(settings.rules().apply(known, cancel, decision));
    var request = new CancelRequest(cancel, RequestKind.CANCEL, 1, null, now);
    var _ = venue.adapter().check(request);
    bytes(Topics.RETRIES, IntentCodec.toAvro(request));
    bytes(
        Topics.PROGRESS,
        ProgressCodec.started(cancel, attemptId, 1, RequestKind.CANCEL, cancel.intent(), now, BY));
    Reply reply = new Reply.Canceled(ReplyDetails.NOTHING);
    bytes(
        Topics.PROGRESS,
        ProgressCodec.replied(
            cancel,
            attemptId,
            1,
            RequestKind.CANCEL,
            reply,
            cancel.intent(),
            true,
            now,
            "POST",
            "200",
            now,
            BY));
    return settled(known, cancel, now);
  }

  private DeskOrder ordered(OrderRef order, Instant now) {
    var event =
        new OrderEvent(
            order,
            null,
            OrdStatus.NEW,
            "Working",
            BigDecimal.TEN,
            BigDecimal.ZERO,
            BigDecimal.TEN,
            null,
            now,
            1L,
            false,
            BY,
            null,
            now);
    var read = again(Topics.ORDER_EVENTS, OrderCodec.toAvro(event), orderEvents);
    if (!(Facts.of(OrderCodec.fromAvro(read), now) instanceof Facts.Known(OrderEvent told))) {
      throw new IllegalStateException("the rehearsed order event is not usable");
    }
    var state = OrderFold.fold(null, told, new Evidence(Topics.ORDER_EVENTS, 0, 1));
    bytes(Topics.ORDER_STATES, OrderCodec.toAvro(state));
    return stored(DeskOrder.NONE.withOrder(state));
  }

  private CancelResult settled(DeskOrder known, Cancel cancel, Instant now) {
    var outcome =
        new Outcome(
            cancel,
            CancelResult.CANCELED,
            Reason.CONFIRMED_BY_VENUE,
            BY,
            null,
            OrdStatus.CANCELED,
            null,
            BigDecimal.ZERO,
            DecidedBy.VENUE,
            null,
            null,
            null,
            List.of(),
            List.of(),
            now);
    Outcome read =
        OutcomeCodec.fromAvro(
            TimeBounds.possible(again(Topics.OUTCOMES, OutcomeCodec.toAvro(outcome), outcomes)));
    var _ = stored(known.settled(read, settings.rules().slack()));
    return read.result();
  }

  private static DeskOrder stored(DeskOrder order) {
    return StateCodec.deskOrder(StateCodec.bytes(order));
  }

  private byte[] bytes(String topic, SpecificRecord value) {
    return values.serialize(topic, value);
  }

  private <T extends SpecificRecord> T again(String topic, T value, EventDecoder<T> decoder) {
    return switch (decoder.decode(topic, bytes(topic, value))) {
      case Decoded.Ok<T>(T read) -> read;
      case Decoded.Poison<T>(Decoded.Kind kind, String text) ->
          throw new IllegalStateException(kind + ": " + text);
    };
  }
}
