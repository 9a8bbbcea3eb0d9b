package io.countermand.venues.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.venues.testing.SetClock;
import io.github.bucket4j.BlockingStrategy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BudgetTest {

  private static final Instant NOW = Instant.parse("2026-03-03T12:00:00Z");

  private final SetClock clock = new SetClock(NOW.toString());
  private final List<Duration> sleeps = new ArrayList<>();
  private final BlockingStrategy sleeper =
      nanos -> {
        sleeps.add(Duration.ofNanos(nanos));
        clock.forward(Duration.ofNanos(nanos));
      };

  private int takeAll(Budget budget) {
    int taken = 0;
    while (budget.tryAcquire()) {
      taken++;
    }
    return taken;
  }

  @Test
  void shouldAllowBurstThenRate() {
    Budget budget = new Budget(Rate.perSecond(4, 20), clock, sleeper);

    int burst = takeAll(budget);
    Duration next = budget.nextPermitIn();
    clock.forward(Duration.ofSeconds(1));
    int second = takeAll(budget);

    assertThat(burst).isEqualTo(20);
    assertThat(next).isEqualTo(Duration.ofMillis(250));
    assertThat(second).isEqualTo(4);
  }

  @Test
  void shouldWaitOnlyAsLongAsDeadlineAllows() throws InterruptedException {
    Budget budget = new Budget(Rate.perSecond(4, 1), clock, sleeper);
    budget.tryAcquire();

    boolean tooLate = budget.acquire(NOW.plusMillis(249));
    boolean inTime = budget.acquire(NOW.plusMillis(251));

    assertThat(tooLate).isFalse();
    assertThat(inTime).isTrue();
    assertThat(sleeps).containsExactly(Duration.ofMillis(250));
  }

  @Test
  void shouldNotExceedTheWholeRateWhenDesksShare() {
    Rate rate = new Rate(100, Duration.ofMinutes(1), 20);
    List<Budget> desks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Budget budget = new Budget(rate, clock, sleeper);
      budget.setShare(1, 4);
      desks.add(budget);
    }

    int burst = desks.stream().mapToInt(this::takeAll).sum();
    int minute = 0;
    for (int second = 0; second < 60; second++) {
      clock.forward(Duration.ofSeconds(1));
      minute += desks.stream().mapToInt(this::takeAll).sum();
    }

    assertThat(burst).isEqualTo(20);
    assertThat(minute).isBetween(96, 100);
  }

  @Test
  void shouldGrowAgainWhenOthersLeave() {
    Budget budget = new Budget(Rate.perSecond(4, 8), clock, sleeper);
    budget.setShare(1, 4);
    takeAll(budget);

    budget.setShare(1, 1);
    clock.forward(Duration.ofSeconds(10));

    assertThat(takeAll(budget)).isEqualTo(8);
  }

  @Test
  void shouldShareByCredential() {
    Limits limits = new Limits(clock);
    Rate rate = Rate.perSecond(3, 2);
    Limits.Shared rest = limits.of("rest", "same", rate);
    Limits.Shared socket = limits.of("ws", "same", rate);
    Limits.Shared other = limits.of("demo", "other", rate);

    rest.budget().tryAcquire();
    socket.budget().tryAcquire();

    assertThat(rest.budget().tryAcquire()).isFalse();
    assertThat(socket.governor()).isSameAs(rest.governor());
    assertThat(other.budget().tryAcquire()).isTrue();
  }

  @Test
  void shouldPauseWhatTheVenueCountsTogetherButNotWhatItRefusesApart() {
    Limits limits = new Limits(clock);
    Rate rate = Rate.perSecond(3, 2);
    VenueGovernor rest = limits.of("rest", "user", "token", rate).governor();
    VenueGovernor hook = limits.of("hook", "user", "key", rate).governor();

    hook.refused(clock.instant().plusSeconds(60), "key refused");
    assertThat(rest.paused()).isEmpty();

    hook.pause(new Pause(clock.instant().plusSeconds(90), Pause.Cause.RATE_LIMITED, "429"));
    assertThat(rest.paused()).hasValueSatisfying(p -> assertThat(p.text()).isEqualTo("429"));
    assertThat(limits.of("hook", "user", "key", rate).budget())
        .isSameAs(limits.of("rest", "user", "token", rate).budget());
  }
}
