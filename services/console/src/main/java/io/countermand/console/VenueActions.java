package io.countermand.console;

import io.countermand.console.access.SignedInUser;
import io.countermand.console.access.UserRole;
import io.countermand.console.actions.Actions;
import io.countermand.console.actions.RecordedActions;
import io.countermand.events.ConsoleActionKind;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pauses and resumes venues, for operators. Thread-safe. */
final class VenueActions {

  /** What the page offers. */
  private static final Map<String, Duration> LENGTHS =
      Map.of(
          "15m", Duration.ofMinutes(15),
          "1h", Duration.ofHours(1),
          "4h", Duration.ofHours(4),
          "24h", Duration.ofHours(24));

  private final Actions actions;
  private final RecordedActions deeds;

  VenueActions(Actions actions) {
    this.actions = actions;
    this.deeds = new RecordedActions(actions);
  }

  void pause(Context request) throws InterruptedException {
    SignedInUser who = SignedInUser.with(UserRole.OPERATOR, request);
    String venue = venue(request);
    String reason = RecordedActions.given(request, "reason");
    Instant until = until(RecordedActions.given(request, "until"));
    deeds.run(
        who,
        RecordedActions.What.of(
            ConsoleActionKind.PAUSE_VENUE,
            venue,
            until == null ? "until it is resumed" : "until " + until),
        reason,
        () -> actions.pause(venue, until, reason, by(who)));
    request.redirect("/venues?done=pause", HttpStatus.SEE_OTHER);
  }

  void resume(Context request) throws InterruptedException {
    SignedInUser who = SignedInUser.with(UserRole.OPERATOR, request);
    String venue = venue(request);
    String reason = RecordedActions.given(request, "reason");
    deeds.run(
        who,
        RecordedActions.What.of(ConsoleActionKind.RESUME_VENUE, venue, ""),
        reason,
        () -> actions.resume(venue, reason, by(who)));
    request.redirect("/venues?done=resume", HttpStatus.SEE_OTHER);
  }

  /** As it stands in records of other topics: a name that signed in, not one that somebody gave. */
  static String by(SignedInUser who) {
    return "console:" + who.name();
  }

  private String venue(Context request) {
    String venue = RecordedActions.given(request, "venue");
    if (!actions.venues().contains(venue)) {
      throw new BadRequestResponse(
          "No venue of that name is configured here; nothing was done. There are "
              + String.join(", ", actions.venues())
              + ".");
    }
    return venue;
  }

  private static @Nullable Instant until(String length) {
    if (length.equals("resumed")) {
      return null;
    }
    Duration found = LENGTHS.get(length);
    if (found == null) {
      throw new BadRequestResponse("until must be resumed, 15m, 1h, 4h or 24h; nothing was done.");
    }
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(found);
  }
}
