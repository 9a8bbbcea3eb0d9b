package io.countermand.console;

import io.countermand.console.kept.CancelLife;
import io.countermand.console.kept.CancelRecord;
import io.countermand.events.AttemptReplied;
import io.countermand.events.AttemptStarted;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.Joined;
import io.countermand.events.OutcomeFinding;
import io.countermand.events.Refused;
import io.countermand.events.Repeated;
import io.countermand.events.RequestKind;
import io.countermand.events.Routed;
import io.countermand.events.TimerFired;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** A cancel's records as one line each, with all that they say. */
public final class TimeLine {

  private TimeLine() {}

  /**
   * One record.
   *
   * @param after since the first one
   * @param kind in a word or two
   * @param says in a sentence
   * @param trouble whether it is an error, or none that is known to be well
   */
  public record Line(
      Instant time,
      String after,
      String kind,
      String says,
      boolean trouble,
      String place,
      @Nullable String by,
      @Nullable String trace,
      List<Fields.Field> fields) {}

  static List<Line> of(CancelLife life) {
    List<CancelRecord> steps = life.timeLine();
    return steps.stream().map(step -> line(step, steps.getFirst().time())).toList();
  }

  private static Line line(CancelRecord step, Instant first) {
    return new Line(
        step.time(),
        "+" + DisplayText.age(Duration.between(first, step.time())),
        kind(step.what()),
        DisplayText.text(says(step.what())),
        trouble(step.what()),
        step.place(),
        step.by(),
        step.trace(),
        Fields.of(step.what(), Set.of("attempts", "text", "venueMessage", "digest")));
  }

  private static String kind(SpecificRecord what) {
    return switch (what) {
      case CancelIntent _ -> "intent";
      case Routed routed -> routed.getQueued() ? "decided: queued" : "decided: called";
      case Refused _ -> "decided: refused";
      case Joined _ -> "decided: joined";
      case Repeated _ -> "repeated";
      case AttemptStarted start -> call(start.getKind(), start.getAttemptNo()) + " starts";
      case AttemptReplied reply -> call(reply.getKind(), reply.getAttemptNo()) + " answered";
      case TimerFired _ -> "timer";
      case CancelOutcome outcome -> "outcome: " + outcome.getResult();
      case OutcomeFinding finding -> "learned later: " + finding.getKind();
      default -> what.getSchema().getName();
    };
  }

  private static String call(RequestKind kind, int number) {
    return (kind == RequestKind.CANCEL ? "call " : "status query ") + number;
  }

  private static String says(SpecificRecord what) {
    return switch (what) {
      case CancelIntent intent ->
          "Cancel this order"
              + (intent.getRequester() == null || intent.getRequester().getReason() == null
                  ? "."
                  : ": " + intent.getRequester().getReason());
      case Routed routed ->
          routed.getQueued()
              ? "The desk calls the venue as soon as its rate, pause or connections allow."
              : "The desk calls the venue at once.";
      case Refused refused -> refused.getReason() + ": " + refused.getText();
      case Joined joined ->
          "Another cancel of this order is live, "
              + DisplayText.beginning(joined.getLeader(), 80)
              + "; this one takes its result.";
      case Repeated _ ->
          "The same cancelId came again with the same content; nothing more happens.";
      case AttemptStarted _ -> "A call is about to leave; this record is durable before it does.";
      case AttemptReplied reply -> reply(reply);
      case TimerFired _ -> "A time that was waited for has come.";
      case CancelOutcome outcome -> outcome.getReason() + ": " + outcome.getText();
      case OutcomeFinding finding -> finding.getText();
      default -> "";
    };
  }

  private static String reply(AttemptReplied reply) {
    var says = new StringBuilder(reply.getReply().name());
    says.append(reply.getSent() ? "" : "; certainly nothing reached the venue");
    if (reply.getVenueCode() != null) {
      says.append("; code ").append(reply.getVenueCode());
    }
    if (reply.getVenueMessage() != null && !reply.getVenueMessage().isEmpty()) {
      says.append("; the venue's words: “").append(reply.getVenueMessage()).append('”');
    }
    return says.toString();
  }

  private static boolean trouble(SpecificRecord what) {
    return switch (what) {
      case Refused _ -> true;
      case AttemptReplied reply ->
          switch (reply.getReply()) {
            case CANCELED, ACCEPTED, STATUS -> false;
            default -> true;
          };
      case CancelOutcome outcome ->
          outcome.getResult() != io.countermand.events.CancelResult.CANCELED;
      default -> false;
    };
  }
}
