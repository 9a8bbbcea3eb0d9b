package io.countermand.ledger;

import io.countermand.codec.IntentCodec;
import io.countermand.codec.OrderCodec;
import io.countermand.codec.ProgressCodec;
import io.countermand.codec.TimeBounds;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.Facts;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelProgress;
import io.countermand.events.DeadLetterReason;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.Placement;
import io.countermand.kafka.deadletter.TaskInbox;
import io.countermand.kafka.ownership.HandOverRecords;
import io.countermand.kafka.ownership.LeaseRecords;
import io.countermand.platform.Topics;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Makes lifecycle events of records. What cannot be read on cancel-intents and order-events is the
 * desk's to dead-letter, what stands there in the wrong place is the desk's to move.
 */
final class RecordReading {

  private final IntentCheck check;
  private final Placement placement;
  private final TaskInbox<CancelIntent> intents;
  private final TaskInbox<CancelProgress> progress;
  private final TaskInbox<io.countermand.events.OrderEvent> orderEvents;

  RecordReading(LedgerSettings settings, EventSerdes serdes, Placement placement) {
    this.check = settings.check();
    this.placement = placement;
    this.intents = new TaskInbox<>(serdes.decoder(CancelIntent.class));
    this.progress = new TaskInbox<>(serdes.decoder(CancelProgress.class));
    this.orderEvents = new TaskInbox<>(serdes.decoder(io.countermand.events.OrderEvent.class));
  }

  /** What a record is to the ledger. */
  sealed interface Result {}

  /** One event, or a decision and the marker that it is. */
  record Events(String key, List<? extends LedgerEvent> events) implements Result {}

  record Bad(DeadLetterReason reason, String text) implements Result {}

  record NotOurs() implements Result {}

  /**
   * @throws io.countermand.kafka.deadletter.NotReadableYet when its schema is not known yet
   */
  Result read(Record<byte[], byte[]> record, Evidence at, TaskInbox.Effort effort) {
    return switch (at.topic()) {
      case Topics.INTENTS -> intent(record, at, effort);
      case Topics.PROGRESS -> progress(record, at, effort);
      default -> orderEvent(record, at, effort);
    };
  }

  private Result intent(Record<byte[], byte[]> record, Evidence at, TaskInbox.Effort effort) {
    if (HandOverRecords.read(record.value(), record.headers()) != null
        || !(intents.read(at.topic(), record.value(), effort)
            instanceof Decoded.Ok<CancelIntent>(CancelIntent value))) {
      return new NotOurs();
    }
    Instant received = Instant.ofEpochMilli(record.timestamp());
    return check.check(IntentCodec.fromAvro(value), at, received)
                instanceof IntentCheck.WellFormed(var cancel)
            && placement.right(record.key(), at.partition(), cancel.order().key())
        ? new Events(
            cancel.order().key(), List.of(new LedgerEvent.IntentSeen(cancel, at, received)))
        : new NotOurs();
  }

  private Result progress(Record<byte[], byte[]> record, Evidence at, TaskInbox.Effort effort) {
    if (LeaseRecords.read(record.value(), record.headers()) != null) {
      return new NotOurs(); // it was heard when it was read first
    }
    return switch (progress.read(at.topic(), record.value(), effort)) {
      case Decoded.Ok<CancelProgress>(CancelProgress value) -> {
        List<LedgerEvent.OfCancel> events = ProgressCodec.events(TimeBounds.possible(value), at);
        yield new Events(events.getFirst().cancel().order().key(), events);
      }
      case Decoded.Poison<CancelProgress>(Decoded.Kind kind, String text) ->
          new Bad(DeadLetterReason.valueOf(kind.name()), text);
    };
  }

  private Result orderEvent(Record<byte[], byte[]> record, Evidence at, TaskInbox.Effort effort) {
    if (!(orderEvents.read(at.topic(), record.value(), effort)
        instanceof Decoded.Ok<io.countermand.events.OrderEvent>(var value))) {
      return new NotOurs();
    }
    Instant recorded = Instant.ofEpochMilli(record.timestamp());
    if (!(Facts.of(OrderCodec.fromAvro(value), recorded) instanceof Facts.Known(var event))) {
      return new NotOurs();
    }
    String key = event.order().key();
    if (!placement.right(record.key(), at.partition(), key)) {
      return new NotOurs();
    }
    // A feed's clock must not make an order unforgettable.
    Instant time = Instant.ofEpochMilli(Math.min(record.timestamp(), System.currentTimeMillis()));
    return new Events(key, List.of(new LedgerEvent.OrderSeen(event, at, time)));
  }
}
