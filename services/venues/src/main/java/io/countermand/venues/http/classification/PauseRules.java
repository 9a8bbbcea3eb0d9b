package io.countermand.venues.http.classification;

import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.http.transport.Scrubber;
import io.countermand.venues.limits.Pause;
import io.countermand.venues.limits.VenueGovernor;
import java.time.Clock;
import java.time.Duration;

/** From verdicts to pauses, and from pauses to replies. */
public final class PauseRules {

  /** How long nothing is called after the credential was refused for good. */
  public static final Duration UNAUTHORIZED = Duration.ofSeconds(60);

  private PauseRules() {}

  /** Closes the venue if the verdict says so, or refuses the credential for good. */
  public static void close(
      VenueGovernor governor, Classified verdict, Scrubber scrubber, Clock clock) {
    Pause pause = verdict.pause();
    if (pause != null) {
      governor.pause(new Pause(pause.until(), pause.cause(), scrubber.line(pause.text())));
    } else if (verdict.reply() instanceof Reply.Unauthorized) {
      governor.refused(clock.instant().plus(UNAUTHORIZED), "the venue refuses the credential");
    }
  }

  /** What a call gets that falls into a pause. */
  public static Reply.NotSent reply(Pause pause) {
    Reason reason =
        pause.cause() == Pause.Cause.UNAUTHORIZED ? Reason.UNAUTHORIZED : Reason.RATE_LIMITED;
    return new Reply.NotSent(
        reason, ReplyDetails.of(null, "venue paused %s: %s".formatted(pause.end(), pause.text())));
  }
}
