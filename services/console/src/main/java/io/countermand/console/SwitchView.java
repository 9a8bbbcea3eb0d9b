package io.countermand.console;

import io.countermand.events.KillRelease;
import io.countermand.events.KillSwitch;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A kill switch as it is shown.
 *
 * @param scope in words
 * @param since UTC, when it came on
 * @param released null: it is on
 * @param report whether its mass cancel's report is kept here
 */
public record SwitchView(
    String id,
    String scope,
    String by,
    String reason,
    Instant since,
    @Nullable KillRelease released,
    boolean report) {

  static SwitchView of(KillSwitch told, boolean report) {
    return new SwitchView(
        told.getMass().getMassId(),
        Scopes.words(told.getMass().getScope()),
        told.getMass().getBy(),
        told.getMass().getReason(),
        told.getSince(),
        told.getReleased(),
        report);
  }
}
