package io.countermand.audit.check;

import io.countermand.audit.source.Decoders;
import io.countermand.audit.source.StoredRecord;
import io.countermand.codec.FindingCodec;
import io.countermand.codec.IntentCodec;
import io.countermand.codec.OrderCodec;
import io.countermand.codec.OutcomeCodec;
import io.countermand.codec.ProgressCodec;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.Outcome;
import io.countermand.domain.lifecycle.Finding;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.Facts;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.AttemptReplied;
import io.countermand.events.AttemptStarted;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelProgress;
import io.countermand.events.CancelRequest;
import io.countermand.events.OrderState;
import io.countermand.events.OutcomeFinding;
import io.countermand.events.serde.Decoded;
import io.countermand.kafka.Placement;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the records of one key together as an order's history; takes them by key, topic and offset.
 * What stands under another order's key, or cannot be read, is left out and said. One thread.
 */
public final class Assembler {

  private final Decoders decoders;
  private final IntentCheck check;
  private final Placement placement;
  private final DeadLetterBook letters;
  private final AuditScope scope;
  private final Findings findings;
  private final Consumer<OrderHistory> each;
  private byte @Nullable [] key;
  private @Nullable OrderHistory history;

  public Assembler(
      Decoders decoders,
      IntentCheck check,
      Placement placement,
      DeadLetterBook letters,
      AuditScope scope,
      Findings findings,
      Consumer<OrderHistory> each) {
    this.decoders = decoders;
    this.check = check;
    this.placement = placement;
    this.letters = letters;
    this.scope = scope;
    this.findings = findings;
    this.each = each;
  }

  public void take(StoredRecord row) {
    OrderHistory current = history;
    if (current == null || !Arrays.equals(key, row.key())) {
      finish();
      key = row.key();
      current =
          new OrderHistory(row.key() == null ? "" : new String(row.key(), StandardCharsets.UTF_8));
      history = current;
    }
    switch (row.topic()) {
      case Topics.INTENTS -> intent(row, current);
      case Topics.ORDER_EVENTS -> event(row, current);
      case Topics.PROGRESS -> progress(row, current);
      case Topics.OUTCOMES -> outcome(row, current);
      case Topics.FINDINGS -> finding(row, current);
      case Topics.ORDER_STATES -> state(row, current);
      default -> retry(row, current);
    }
  }

  /** The last order is complete. */
  public void finish() {
    OrderHistory done = history;
    history = null;
    if (done != null) {
      each.accept(done);
    }
  }

  private void intent(StoredRecord row, OrderHistory to) {
    if (!(decoders.intents().decode(row.topic(), row.value())
        instanceof Decoded.Ok<CancelIntent>(CancelIntent value))) {
      poison(row, "intent");
      return;
    }
    Intent intent = IntentCodec.fromAvro(value);
    IntentCheck.Checked checked = check.check(intent, row.at(), row.time());
    var asked = new OrderHistory.Asked(intent, checked, row.at(), row.time(), row.print());
    var cancel = asked.cancel();
    if (cancel == null) {
      to.intents.add(asked); // only its dead letter is looked for
      if (!letterIs(row, "NO_CANCEL_ID")) {
        unsupported(row);
      }
      return;
    }
    String order = cancel.order().key();
    if (placement.right(row.key(), row.partition(), order)) {
      to.intents.add(asked);
    } else if (asked.wellFormed() == null || row.spent()) {
      findings.elsewhere.loose.add(new CrossPartitionRefs.Loose(cancel, row.at(), row.time()));
    } else {
      misplaced(row, order);
    }
    if (!letterIs(row, "CONFLICTING_CONTENT", "UNEXPECTED")) {
      unsupported(row);
    }
  }

  private void event(StoredRecord row, OrderHistory to) {
    if (!(decoders.events().decode(row.topic(), row.value())
        instanceof Decoded.Ok<io.countermand.events.OrderEvent>(var value))) {
      poison(row, "order event");
      return;
    }
    if (!(Facts.of(OrderCodec.fromAvro(value), row.time()) instanceof Facts.Known(var event))) {
      poison(row, "order event");
      return;
    }
    OrderRef order = event.order();
    if (placement.right(row.key(), row.partition(), order.key())) {
      to.events.add(new OrderHistory.Seen(event, row.at(), row.time(), row.print()));
      if (!letterIs(row, "UNEXPECTED")) {
        unsupported(row);
      }
    } else {
      misplaced(row, order.key());
    }
  }

  private void misplaced(StoredRecord row, String order) {
    if (letters.of(row.at()) == null) {
      findings.elsewhere.misplaced.add(
          new CrossPartitionRefs.Misplaced(row.at(), row.time(), order));
    } else if (!row.spent()) {
      unsupported(row);
    }
  }

  private void progress(StoredRecord row, OrderHistory to) {
    if (!(decoders.progress().decode(row.topic(), row.value())
        instanceof Decoded.Ok<CancelProgress>(CancelProgress value))) {
      poison(row, "progress");
      return;
    }
    List<LedgerEvent.OfCancel> events = ProgressCodec.events(value, row.at());
    LedgerEvent.OfCancel event = events.getFirst();
    Evidence request =
        switch (value.getWhat()) {
          case AttemptStarted started -> IntentCodec.fromAvro(started.getRequest());
          case AttemptReplied replied when replied.getRequestRecord() != null ->
              IntentCodec.fromAvro(replied.getRequestRecord());
          case AttemptReplied _ -> event.cancel().intent();
          default -> null;
        };
    if (ours(row, event.cancel().order(), event.cancel().cancelId())) {
      String answer =
          value.getWhat() instanceof AttemptReplied replied ? replied.getResponse() : null;
      to.progress.add(
          new OrderHistory.Said(event, value.getBy(), request, answer, row.time(), row.print()));
      if (events.size() > 1) { // a decision that is its call's marker, too
        to.progress.add(
            new OrderHistory.Said(
                events.get(1),
                value.getBy(),
                event.cancel().intent(),
                null,
                row.time(),
                ~row.print()));
      }
    }
  }

  private void outcome(StoredRecord row, OrderHistory to) {
    if (!(decoders.outcomes().decode(row.topic(), row.value())
        instanceof Decoded.Ok<CancelOutcome>(CancelOutcome value))) {
      unreadable(row, "outcome");
      return;
    }
    Outcome outcome = OutcomeCodec.fromAvro(value);
    if (ours(row, outcome.cancel().order(), outcome.cancel().cancelId())) {
      to.outcomes.add(new OrderHistory.Answered(outcome, row.at(), row.time(), row.print()));
    }
  }

  private void finding(StoredRecord row, OrderHistory to) {
    if (!(decoders.findings().decode(row.topic(), row.value())
        instanceof Decoded.Ok<OutcomeFinding>(OutcomeFinding value))) {
      unreadable(row, "finding");
      return;
    }
    Finding finding = FindingCodec.fromAvro(value);
    if (ours(row, finding.cancel().order(), finding.cancel().cancelId())) {
      to.found.add(new OrderHistory.Found(finding, row.at(), row.time(), row.print()));
    }
  }

  private void retry(StoredRecord row, OrderHistory to) {
    if (!(decoders.requests().decode(row.topic(), row.value())
        instanceof Decoded.Ok<CancelRequest>(CancelRequest value))) {
      poison(row, "request");
      return;
    }
    var request = IntentCodec.fromAvro(value);
    if (ours(row, request.cancel().order(), request.cancel().cancelId())) {
      to.retries.add(new OrderHistory.Requested(request, row.at(), row.time(), row.print()));
    }
  }

  private void state(StoredRecord row, OrderHistory to) {
    if (row.value() == null) {
      to.states.add(new OrderHistory.Shown(null, row.at(), row.time()));
    } else if (decoders.states().decode(row.topic(), row.value())
        instanceof Decoded.Ok<OrderState>(OrderState value)) {
      to.states.add(new OrderHistory.Shown(OrderCodec.fromAvro(value), row.at(), row.time()));
    } else {
      unreadable(row, "order state");
    }
  }

  /** Whether our own record stands under the key of the order that it is about. */
  private boolean ours(StoredRecord row, OrderRef order, String cancelId) {
    boolean right = placement.right(row.key(), row.partition(), order.key());
    if (!right) {
      findings.add(
          DifferenceKind.WRONG_KEY,
          order.key(),
          cancelId,
          "it is about " + order.key() + " and stands elsewhere",
          List.of(row.at()));
    }
    return right;
  }

  private void poison(StoredRecord row, String what) {
    findings.counted(Findings.Count.POISON, 1);
    DeadLetterBook.Letter letter = letters.of(row.at());
    boolean due = row.time().plus(CancelCheck.DUE).isBefore(scope.horizon());
    if (letter == null && due) {
      findings.add(
          DifferenceKind.POISON_LOST,
          null,
          null,
          "an unusable " + what + " is not in dead letters",
          List.of(row.at()));
    } else if (letter != null && letter.reason().equals("CONFLICTING_CONTENT")) {
      unsupported(row);
    }
  }

  private void unreadable(StoredRecord row, String what) {
    findings.add(
        DifferenceKind.UNREADABLE,
        null,
        null,
        "the " + what + " cannot be read",
        List.of(row.at()));
  }

  /** Whether its dead letter, if there is one, has one of these reasons. */
  private boolean letterIs(StoredRecord row, String... reasons) {
    DeadLetterBook.Letter letter = letters.of(row.at());
    return letter == null || List.of(reasons).contains(letter.reason());
  }

  private void unsupported(StoredRecord row) {
    DeadLetterBook.Letter letter = letters.of(row.at());
    findings.add(
        DifferenceKind.DEAD_LETTER_NOT_SUPPORTED,
        null,
        null,
        "the record is usable, the dead letter says "
            + (letter == null ? "nothing" : letter.reason()),
        letter == null ? List.of(row.at()) : List.of(letter.at(), row.at()));
  }
}
