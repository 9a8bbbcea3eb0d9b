package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.console.kept.CancelLife;
import io.countermand.events.Attempt;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelResult;
import io.countermand.events.Reason;
import io.countermand.events.RequestKind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of an outcome to who has to act on it. */
class OutcomeMeaningsTest {

  private static Attempt attempt(RequestKind kind, boolean sent) {
    var attempt = new Attempt();
    attempt.setKind(kind);
    attempt.setSent(sent);
    return attempt;
  }

  @Test
  void shouldCountCancelsThatMayHaveReachedTheVenueAndNoStatusQueries() {
    // Given
    var outcome = new CancelOutcome();
    outcome.setResult(CancelResult.UNRESOLVED);
    outcome.setReason(Reason.NO_ANSWER);
    outcome.setAttempts(
        List.of(
            attempt(RequestKind.CANCEL, true),
            attempt(RequestKind.STATUS, true),
            attempt(RequestKind.CANCEL, false),
            attempt(RequestKind.CANCEL, true)));
    var life =
        new CancelLife("v/a/7", "c", "v", "a", "7", Instant.EPOCH, null, List.of(), 0, outcome, 0);
    // When, then
    assertThat(OutcomeMeanings.check(life)).contains(" 2 cancels may have reached it.");
  }
}
