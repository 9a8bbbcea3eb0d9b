package io.countermand.console.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.console.access.SignInJourneys.Journey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SignInJourneysTest {

  private long now;
  private final SignInJourneys journeys = new SignInJourneys(() -> now);

  @Test
  void shouldEndWhereItBeganOnceAndAsItBegan() {
    // Given
    Journey begun = journeys.begin("/cancels?q=a%26b");
    now += SignInJourneys.LONGEST.toNanos();
    // When, then
    assertThat(journeys.end(begun.kept(), begun.state())).contains(begun);
    assertThat(journeys.end(begun.kept(), begun.state())).isEmpty();
  }

  @Test
  void shouldNotEndLaterThanTenMinutes() {
    // Given
    Journey begun = journeys.begin("/");
    now += SignInJourneys.LONGEST.plus(Duration.ofNanos(1)).toNanos();
    // When, then
    assertThat(journeys.end(begun.kept(), begun.state())).isEmpty();
  }

  @Test
  void shouldNotEndWithAnythingChangedOrMissing() {
    // Given
    Journey begun = journeys.begin("/a");
    Journey other = journeys.begin("/b");
    String[] parts = begun.kept().split("\\.");
    // When, then
    assertThat(journeys.end(other.kept(), begun.state())).isEmpty();
    assertThat(journeys.end(null, begun.state())).isEmpty();
    assertThat(journeys.end(begun.kept(), null)).isEmpty();
    assertThat(journeys.end(parts[0] + "." + (now + 1) + "." + parts[2], begun.state())).isEmpty();
    assertThat(journeys.end(other.kept().replaceAll("\\..*", ""), other.state())).isEmpty();
    assertThat(new SignInJourneys(() -> now).end(begun.kept(), begun.state()))
        .as("of another process")
        .isEmpty();
    assertThat(journeys.end(begun.kept(), begun.state())).contains(begun);
  }

  /** Anybody may begin and end as many as he likes: that shuts nobody else out. */
  @Test
  void shouldEndThoughTenThousandEndedJustNow() {
    // Given
    for (int i = 0; i < SignInJourneys.MOST; i++) {
      Journey each = journeys.begin("/");
      assertThat(journeys.end(each.kept(), each.state())).isPresent();
    }
    Journey begun = journeys.begin("/");
    // When, then
    assertThat(journeys.end(begun.kept(), begun.state())).isPresent();
    assertThat(journeys.end(begun.kept(), begun.state())).as("a second time").isEmpty();
  }

  @Test
  void shouldMakeSecretsThatTellNothingOfEachOther() {
    Journey begun = journeys.begin("/");
    assertThat(begun.state()).isNotEqualTo(begun.nonce()).isNotEqualTo(begun.verifier());
    assertThat(begun.verifier()).hasSize(43).isNotEqualTo(begun.challenge());
    assertThat(begun.toString()).isEqualTo("Journey[/]");
    assertThat(journeys.begin("/").state()).isNotEqualTo(begun.state());
  }
}
