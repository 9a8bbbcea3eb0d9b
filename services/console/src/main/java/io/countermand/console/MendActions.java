package io.countermand.console;

import io.countermand.client.EventRecord;
import io.countermand.console.access.SignedInUser;
import io.countermand.console.access.UserRole;
import io.countermand.console.actions.Actions;
import io.countermand.console.actions.RecordedActions;
import io.countermand.console.kept.CancelLife;
import io.countermand.console.kept.KeptCancels;
import io.countermand.console.kept.Letters;
import io.countermand.events.ConsoleActionKind;
import io.countermand.events.DeadLetter;
import io.github.bucket4j.Bucket;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends dead letters once more, and notes what was looked up of cancels that nobody could resolve;
 * for operators. Thread-safe.
 */
final class MendActions {

  private static final int MOST_AT_ONCE = 100;

  /** As the command line has it, of all who ask together. */
  private static final int A_SECOND = 10;

  private static final Pattern PLACE =
      Pattern.compile("dead-letters-(?<partition>[0-9]{1,9})@(?<offset>[0-9]{1,18})");

  private final Actions actions;
  private final RecordedActions deeds;
  private final Letters letters;
  private final KeptCancels cancels;
  private final Bucket rate =
      Bucket.builder()
          .addLimit(it -> it.capacity(1).refillGreedy(A_SECOND, Duration.ofSeconds(1)))
          .build();

  MendActions(Actions actions, Letters letters, KeptCancels cancels) {
    this.actions = actions;
    this.deeds = new RecordedActions(actions);
    this.letters = letters;
    this.cancels = cancels;
  }

  void requeue(Context request) throws InterruptedException {
    SignedInUser who = SignedInUser.with(UserRole.OPERATOR, request);
    String reason = RecordedActions.given(request, "reason");
    List<String> places = request.formParams("place").stream().distinct().toList();
    if (places.isEmpty() || places.size() > MOST_AT_ONCE) {
      throw new BadRequestResponse(
          "Choose 1 to " + MOST_AT_ONCE + " dead letters; nothing was done.");
    }
    List<EventRecord<DeadLetter>> chosen = new ArrayList<>();
    places.forEach(place -> chosen.add(letter(place)));
    int sent = 0;
    for (EventRecord<DeadLetter> each : chosen) {
      rate.asBlocking().consume(1);
      String place = LetterView.place(each);
      var from = each.value().getSource();
      try {
        deeds.run(
            who,
            RecordedActions.What.of(
                ConsoleActionKind.REDRIVE_DEAD_LETTER,
                place,
                "from " + from.getTopic() + "-" + from.getPartition() + "@" + from.getOffset()),
            reason,
            () -> actions.requeue(place, each.value(), VenueActions.by(who), reason));
      } catch (HttpResponseException e) {
        throw new HttpResponseException(
            e.getStatus(),
            sent + " of " + chosen.size() + " were sent again. " + place + ": " + e.getMessage());
      }
      sent++;
    }
    request.redirect("/dead-letters?sent=" + sent, HttpStatus.SEE_OTHER);
  }

  private EventRecord<DeadLetter> letter(String place) {
    Matcher matcher = PLACE.matcher(place);
    if (!matcher.matches()) {
      throw new BadRequestResponse("No place of a dead letter; nothing was done.");
    }
    return letters
        .find(Integer.parseInt(matcher.group("partition")), Long.parseLong(matcher.group("offset")))
        .orElseThrow(
            () ->
                new BadRequestResponse(
                    "No dead letter at " + place + " is kept here; nothing was done."));
  }

  void check(Context request) throws InterruptedException {
    SignedInUser who = SignedInUser.with(UserRole.OPERATOR, request);
    String note = RecordedActions.given(request, "note");
    String order = String.valueOf(request.formParam("order"));
    String id = String.valueOf(request.formParam("id"));
    if (cancels.find(order, id).filter(CancelLife::unresolved).isEmpty()) {
      throw new BadRequestResponse("No such cancel is in doubt here; nothing was done.");
    }
    deeds.run(
        who, RecordedActions.What.of(ConsoleActionKind.MARK_CHECKED, order, id), note, () -> true);
    request.redirect("/unresolved?done=check", HttpStatus.SEE_OTHER);
  }
}
