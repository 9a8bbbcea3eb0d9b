package io.countermand.app.chaos;

import io.countermand.domain.Outcome;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.client.OutcomeReader;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.journal.JournalEntry.Changed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Everything that is known of an order's cancels, line by line in order of time. */
final class OrderTimeline {

  private record Line(Instant at, String text) {}

  private OrderTimeline() {}

  static List<String> of(OrderRef order, Reconciliation books) {
    List<Line> lines = new ArrayList<>();
    books.intents().values().stream()
        .filter(sent -> sent.intent().order().equals(order))
        .forEach(
            sent ->
                lines.add(
                    new Line(
                        sent.at(),
                        "intent    "
                            + sent.intent().cancelId()
                            + " "
                            + sent.kind()
                            + " deadline "
                            + sent.intent().deadline())));
    for (ProgressLog.Line line : books.progress(order)) {
      LedgerEvent.OfCancel event = line.event();
      lines.add(
          new Line(
              event.time(),
              "progress  "
                  + event.cancel().cancelId()
                  + " "
                  + what(event)
                  + " by "
                  + line.by()
                  + " "
                  + event.at()));
    }
    for (List<OutcomeReader.Read> reads : books.outcomes().values()) {
      for (OutcomeReader.Read read : reads) {
        if (read.outcome().cancel().order().equals(order)) {
          lines.add(new Line(read.outcome().decidedAt(), "outcome   " + what(read.outcome())));
        }
      }
    }
    for (JournalCall call : books.history(order).calls()) {
      lines.add(
          new Line(
              call.received().at(),
              "call "
                  + call.received().call()
                  + "  "
                  + call.kind()
                  + " of "
                  + books.makers(order, call)));
      if (call.answered() != null) {
        lines.add(
            new Line(
                call.answered().at(),
                "answer "
                    + call.answered().call()
                    + " "
                    + call.answered().effect()
                    + " fault "
                    + call.answered().fault()
                    + " status "
                    + call.answered().status()));
      }
    }
    for (Changed change : books.history(order).changes()) {
      lines.add(
          new Line(
              change.at(),
              "order     "
                  + change.cause()
                  + " by call "
                  + change.call()
                  + " -> "
                  + change.order().status()
                  + " filled "
                  + change.order().filled()));
    }
    return lines.stream()
        .sorted(Comparator.comparing(Line::at))
        .map(line -> line.at() + " " + line.text())
        .toList();
  }

  private static String what(Outcome outcome) {
    return outcome.cancel().cancelId()
        + " "
        + outcome.result()
        + " "
        + outcome.reason()
        + " by "
        + outcome.decidedBy()
        + " ordStatus "
        + outcome.ordStatus()
        + " executed "
        + outcome.executedQty()
        + " joinedTo "
        + outcome.joinedTo()
        + " '"
        + outcome.text()
        + "'";
  }

  private static String what(LedgerEvent.OfCancel event) {
    return switch (event) {
      case LedgerEvent.Decided(var _, DeskDecision.Route _, var _, var _) -> "routed";
      case LedgerEvent.Decided(var _, DeskDecision.Refuse refuse, var _, var _) ->
          "refused " + refuse.reason();
      case LedgerEvent.Decided(var _, DeskDecision.Join join, var _, var _) ->
          "joined " + join.leader();
      case LedgerEvent.Decided(var _, DeskDecision.Repeat _, var _, var _) -> "repeated";
      case LedgerEvent.Started started ->
          "started " + started.kind() + " " + started.attemptNo() + " " + started.attemptId();
      case LedgerEvent.Replied replied ->
          "replied "
              + replied.kind()
              + " "
              + replied.attemptNo()
              + " "
              + replied.attemptId()
              + " sent "
              + replied.sent()
              + " "
              + replied.reply();
      case LedgerEvent.TimerFired fired -> "timer " + fired.due();
      case LedgerEvent.IntentSeen _ -> "intent";
    };
  }
}
