package io.countermand.desk;

import io.countermand.codec.OrderCodec;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.Facts;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderFold;
import io.countermand.domain.order.OrderState;
import io.countermand.events.DeadLetterReason;
import io.countermand.kafka.Placement;
import io.countermand.platform.Topics;
import java.time.Instant;
import java.util.Set;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Folds order events into the task's table, tells order-states, and shows them to the kill
 * switches. For the task's own thread.
 */
final class OrderEventFold {

  private final Placement placement;
  private final OrderTable orders;
  private final DeskMeters meters;
  private final KillSwitches switches;

  OrderEventFold(Placement placement, OrderTable orders, DeskMeters meters, KillSwitches switches) {
    this.switches = switches;
    this.placement = placement;
    this.orders = orders;
    this.meters = meters;
  }

  /**
   * @param out silent where another group of desks answers for what it says
   */
  void fold(
      io.countermand.events.OrderEvent value,
      Record<byte[], byte[]> record,
      Evidence at,
      Outbox out) {
    Instant recorded = Instant.ofEpochMilli(record.timestamp());
    OrderEvent event;
    switch (Facts.of(OrderCodec.fromAvro(value), recorded)) {
      case Facts.Known(OrderEvent known) -> event = known;
      case Facts.Unusable(String text) -> {
        out.deadLetter(record, at, DeadLetterReason.NO_ORDER, text);
        return;
      }
    }
    String key = event.order().key();
    if (!placement.right(record.key(), at.partition(), key)) {
      Set<String> moves = placement.moves(record.headers(), at);
      if (moves.size() < Placement.MOST_MOVES) {
        out.move(record, at, key, OrderCodec.toAvro(event), moves);
      } else {
        out.deadLetter(record, at, DeadLetterReason.UNEXPECTED, Placement.WRONG_PLACE + moves);
      }
      return;
    }
    DeskOrder known = orders.get(key);
    OrderState before = known.order();
    OrderState after = OrderFold.fold(before, event, at);
    if (orders.readsAgain() || !after.equals(before)) {
      out.send(Topics.ORDER_STATES, key, OrderCodec.toAvro(after));
      orders.put(key, known.withOrder(after)); // behind it: a row that stands tells nobody again
      if (after.disputed() && (before == null || !before.disputed())) {
        meters.disputed();
      }
    }
    if (switches.any() && !out.isSilent()) {
      switches.folded(event.order(), known.withOrder(after), out, meters);
    }
  }
}
