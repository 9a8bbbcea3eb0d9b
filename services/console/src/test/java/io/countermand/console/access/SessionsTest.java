package io.countermand.console.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionsTest {

  private long now;

  private final Sessions sessions =
      new Sessions(Duration.ofMinutes(30), Duration.ofHours(12), () -> now);

  private static ConsoleUser user(String name) {
    return new ConsoleUser(name, Set.of(UserRole.VIEWER), "$");
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void shouldEndWhenNobodyUsesItWhateverAnOpenPageAsks() {
    // Given
    String id = sessions.open(user("alice"));
    pass(Duration.ofMinutes(29));
    assertThat(sessions.find(id, true)).isPresent();
    pass(Duration.ofMinutes(29));
    assertThat(sessions.find(id, false)).isPresent();
    // When
    pass(Duration.ofMinutes(2));
    // Then
    assertThat(sessions.find(id, true)).isEmpty();
  }

  @Test
  void shouldEndAfterItsLongestTimeHoweverMuchItIsUsed() {
    // Given
    String id = sessions.open(user("alice"));
    for (int i = 0; i < 71; i++) {
      pass(Duration.ofMinutes(10));
      assertThat(sessions.find(id, true)).isPresent();
    }
    // When
    pass(Duration.ofMinutes(11));
    // Then
    assertThat(sessions.find(id, true)).isEmpty();
  }

  @Test
  void shouldKeepAFewOfEachAndDropTheOneUsedLongestAgo() {
    // Given
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(sessions.open(user("alice")));
    }
    assertThat(sessions.find(ids.getFirst(), true)).isPresent();
    // When
    String sixth = sessions.open(user("alice"));
    // Then
    assertThat(sessions.find(ids.getFirst(), true)).isPresent();
    assertThat(sessions.find(ids.get(1), true)).isEmpty();
    assertThat(sessions.find(sixth, true)).isPresent();
    // When
    for (int i = 0; i < 2_000; i++) {
      sessions.open(user("user" + i));
    }
    // Then
    assertThat(sessions.find(sixth, true)).isEmpty();
  }

  @Test
  void shouldNotTellItsIds() {
    String id = sessions.open(user("alice"));
    assertThat(id).hasSize(43).isNotEqualTo(sessions.open(user("alice")));
    assertThat(sessions.find(id, true).orElseThrow().toString()).isEqualTo("Session[alice]");
    sessions.close(id);
    assertThat(sessions.find(id, true)).isEmpty();
  }
}
