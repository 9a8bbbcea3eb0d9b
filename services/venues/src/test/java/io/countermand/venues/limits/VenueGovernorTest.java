package io.countermand.venues.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.venues.Credentials;
import io.countermand.venues.testing.SetClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VenueGovernorTest {

  private static final Instant NOW = Instant.parse("2026-03-03T12:00:00Z");

  private final SetClock clock = new SetClock(NOW.toString());
  private final VenueGovernor governor = new VenueGovernor("v", clock);

  private static Pause pause(long seconds) {
    return new Pause(NOW.plusSeconds(seconds), Pause.Cause.RATE_LIMITED, "429");
  }

  @Test
  void shouldPauseUntilThatInstantAndNoLonger() {
    governor.pause(pause(7));

    assertThat(governor.paused()).contains(pause(7));
    assertThat(governor.callableAt()).isEqualTo(NOW.plusSeconds(7));
    clock.forward(Duration.ofSeconds(7).minusNanos(1));
    assertThat(governor.paused()).isPresent();
    clock.forward(Duration.ofNanos(1));
    assertThat(governor.paused()).isEmpty();
    assertThat(governor.callableAt()).isEqualTo(clock.instant());
  }

  @Test
  void shouldNeverShortenAPause() {
    List<Pause> heard = new ArrayList<>();
    governor.onPause(heard::add);

    governor.pause(pause(60));
    governor.pause(pause(1));
    governor.pause(pause(60));
    governor.pause(pause(61));

    assertThat(governor.callableAt()).isEqualTo(NOW.plusSeconds(61));
    assertThat(heard).containsExactly(pause(60), pause(61));
  }

  @Test
  void shouldNotTakeOverTheRefusalOfAnotherCredential() {
    VenueGovernor before = new VenueGovernor("v", clock, fingerprint("old"));
    VenueGovernor after = new VenueGovernor("v", clock, fingerprint("new"));
    List<Pause> told = new ArrayList<>();
    before.onPause(told::add);
    before.onPause(after::pause); // as it comes by the topic

    before.refused(NOW.plusSeconds(60), "wrong password");

    assertThat(before.paused()).isPresent();
    assertThat(after.paused()).isEmpty();
    assertThat(told.toString()).contains(fingerprint("old")).doesNotContain("secret");
    after.pause(pause(7));
    assertThat(after.paused()).contains(pause(7));
  }

  private static String fingerprint(String password) {
    return Credentials.of(Map.of("name", "u", "password", "secret-" + password)).fingerprint();
  }

  @Test
  void shouldResumeOnAPersonsWord() {
    governor.pause(pause(60));

    governor.resume();

    assertThat(governor.paused()).isEmpty();
  }

  @Test
  void shouldHoldTheOperatorsLastWordBeItLongerOrShorter() {
    List<Pause> heard = new ArrayList<>();
    governor.onPause(heard::add);
    Pause longer = new Pause(NOW.plusSeconds(90), Pause.Cause.OPERATOR, "longer");
    Pause shorter = new Pause(NOW.plusSeconds(9), Pause.Cause.OPERATOR, "shorter");
    governor.pause(pause(60));

    governor.order(longer);
    assertThat(governor.paused()).contains(longer);
    governor.order(shorter);
    assertThat(governor.paused()).contains(shorter);
    governor.pause(pause(5));
    assertThat(governor.paused()).contains(shorter);
    governor.pause(pause(30));
    assertThat(governor.paused()).contains(pause(30));
    assertThat(heard).containsExactly(pause(60), pause(30));
  }
}
