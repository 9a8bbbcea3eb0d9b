package io.countermand.codec;

import static io.countermand.codec.Values.decimal;
import static io.countermand.codec.Values.map;
import static io.countermand.codec.Values.micros;
import static io.countermand.codec.Values.microsOrNull;
import static io.countermand.codec.Values.name;

import io.countermand.domain.OrdStatus;
import io.countermand.domain.OrderEvent;
import io.countermand.domain.OrderRef;
import io.countermand.domain.OrderState;

/** Order events and order states between domain and Avro. */
public final class OrderCodec {

  private OrderCodec() {}

  public static io.countermand.events.OrderEvent toAvro(OrderEvent event) {
    return io.countermand.events.OrderEvent.newBuilder()
        .setVenue(event.order().venue())
        .setAccount(event.order().account())
        .setOrderId(event.order().orderId())
        .setClOrdId(event.clOrdId())
        .setOrdStatus(name(event.ordStatus(), io.countermand.events.OrdStatus.class))
        .setRawStatus(event.rawStatus())
        .setOrderQty(decimal(event.orderQty()))
        .setCumQty(decimal(event.cumQty()))
        .setLeavesQty(decimal(event.leavesQty()))
        .setAvgPx(decimal(event.avgPx()))
        .setVenueTime(microsOrNull(event.venueTime()))
        .setSequence(event.sequence())
        .setCorrection(event.correction())
        .setSource(event.source())
        .setCancelId(event.cancelId())
        .setObservedAt(micros(event.observedAt()))
        .build();
  }

  /** As published: not a fact before {@link io.countermand.domain.Facts} has seen it. */
  public static OrderEvent fromAvro(io.countermand.events.OrderEvent event) {
    return new OrderEvent(
        new OrderRef(event.getVenue(), event.getAccount(), event.getOrderId()),
        event.getClOrdId(),
        name(event.getOrdStatus(), OrdStatus.class),
        event.getRawStatus(),
        decimal(event.getOrderQty()),
        decimal(event.getCumQty()),
        decimal(event.getLeavesQty()),
        decimal(event.getAvgPx()),
        event.getVenueTime(),
        event.getSequence(),
        event.getCorrection(),
        event.getSource(),
        event.getCancelId(),
        event.getObservedAt());
  }

  public static io.countermand.events.OrderState toAvro(OrderState state) {
    return new io.countermand.events.OrderState(
        name(state.ordStatus(), io.countermand.events.OrdStatus.class),
        state.rawStatus(),
        decimal(state.orderQty()),
        decimal(state.cumQty()),
        microsOrNull(state.venueTime()),
        state.sequence(),
        micros(state.observedAt()),
        map(state.evidence(), IntentCodec::toAvro),
        state.disputed());
  }

  public static OrderState fromAvro(io.countermand.events.OrderState state) {
    return new OrderState(
        name(state.getOrdStatus(), OrdStatus.class),
        state.getRawStatus(),
        decimal(state.getOrderQty()),
        decimal(state.getCumQty()),
        state.getVenueTime(),
        state.getSequence(),
        state.getObservedAt(),
        map(state.getEvidence(), IntentCodec::fromAvro),
        state.getDisputed());
  }
}
