package io.countermand.audit.source;

import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelProgress;
import io.countermand.events.CancelRequest;
import io.countermand.events.OrderState;
import io.countermand.events.OutcomeFinding;
import io.countermand.events.serde.EventDecoder;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import org.apache.avro.specific.SpecificRecord;

/** Decoders of all topics; safe for many threads. */
public record Decoders(
    EventDecoder<CancelIntent> intents,
    EventDecoder<CancelProgress> progress,
    EventDecoder<CancelOutcome> outcomes,
    EventDecoder<OutcomeFinding> findings,
    EventDecoder<CancelRequest> requests,
    EventDecoder<io.countermand.events.OrderEvent> events,
    EventDecoder<OrderState> states) {

  public static Decoders of(EventSerdes serdes) {
    return new Decoders(
        serdes.decoder(CancelIntent.class),
        serdes.decoder(CancelProgress.class),
        serdes.decoder(CancelOutcome.class),
        serdes.decoder(OutcomeFinding.class),
        serdes.decoder(CancelRequest.class),
        serdes.decoder(io.countermand.events.OrderEvent.class),
        serdes.decoder(OrderState.class));
  }

  public EventDecoder<? extends SpecificRecord> of(String topic) {
    return switch (topic) {
      case Topics.INTENTS -> intents;
      case Topics.PROGRESS -> progress;
      case Topics.OUTCOMES -> outcomes;
      case Topics.FINDINGS -> findings;
      case Topics.ORDER_EVENTS -> events;
      case Topics.ORDER_STATES -> states;
      case Topics.RETRIES -> requests;
      default -> throw new IllegalArgumentException("no records of an order in " + topic);
    };
  }
}
