package io.countermand.codec;

import static io.countermand.codec.Values.decimal;
import static io.countermand.codec.Values.map;
import static io.countermand.codec.Values.micros;
import static io.countermand.codec.Values.microsOrNull;
import static io.countermand.codec.Values.name;
import static io.countermand.codec.Values.named;

import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderDetails;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.OrderState;
import io.countermand.domain.order.Side;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
        .setInstrument(of(event.details(), OrderDetails::instrument))
        .setSide(side(event.details()))
        .setTrader(of(event.details(), OrderDetails::trader))
        .setDesk(of(event.details(), OrderDetails::desk))
        .setAlgorithm(of(event.details(), OrderDetails::algorithm))
        .setClient(of(event.details(), OrderDetails::client))
        .build();
  }

  /** As published: not a fact before {@link io.countermand.domain.order.Facts} has seen it. */
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
        event.getObservedAt(),
        OrderDetails.of(
            event.getInstrument(),
            named(event.getSide(), Side.class),
            event.getTrader(),
            event.getDesk(),
            event.getAlgorithm(),
            event.getClient()));
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
        state.disputed(),
        of(state.details(), OrderDetails::instrument),
        side(state.details()),
        of(state.details(), OrderDetails::trader),
        of(state.details(), OrderDetails::desk),
        of(state.details(), OrderDetails::algorithm),
        of(state.details(), OrderDetails::client));
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
        state.getDisputed(),
        OrderDetails.of(
            state.getInstrument(),
            named(state.getSide(), Side.class),
            state.getTrader(),
            state.getDesk(),
            state.getAlgorithm(),
            state.getClient()));
  }

  private static @Nullable String of(
      @Nullable OrderDetails details, Function<OrderDetails, @Nullable String> part) {
    return details == null ? null : part.apply(details);
  }

  private static io.countermand.events.@Nullable Side side(@Nullable OrderDetails details) {
    return details == null ? null : named(details.side(), io.countermand.events.Side.class);
  }
}
