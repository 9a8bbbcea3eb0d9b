package io.countermand.console.actions;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.console.access.SignedInUser;
import io.countermand.console.access.UserRole;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CountersTest {

  private final Counters counters = new Counters();

  private static SignedInUser visitor(String name, String person) {
    return new SignedInUser(name, Set.of(UserRole.KILLER), "t", "192.0.2.1", person);
  }

  @Test
  void shouldTellPeopleOfOneNameApartAndKnowOneUnderAnotherName() {
    counters.add("count-1", visitor("oidc:kim", "oidc:17"));
    assertThat(counters.counted("count-1", visitor("oidc:kim", "oidc:17"))).isTrue();
    assertThat(counters.counted("count-1", visitor("oidc:kim2", "oidc:17"))).isTrue();
    assertThat(counters.counted("count-1", visitor("oidc:kim", "oidc:18"))).isFalse();
    assertThat(counters.counted("count-2", visitor("oidc:kim", "oidc:17"))).isFalse();
  }

  @Test
  void shouldLetACountBeUsedOnceUnlessItIsGivenBack() {
    counters.add("count-1", visitor("kim", "kim"));
    assertThat(counters.use("count-1")).isTrue();
    assertThat(counters.use("count-1")).isFalse();
    assertThat(counters.counted("count-1", visitor("kim", "kim"))).isTrue();
    counters.giveBack("count-1");
    assertThat(counters.use("count-1")).isTrue();
    assertThat(counters.use("count-2")).as("that nobody counted").isFalse();
  }

  @Test
  void shouldKnowWhatWasCountedAgain() {
    counters.add("count-1", visitor("kim", "kim"));
    counters.add("count-2", visitor("boss", "boss"), "mass-1");
    assertThat(counters.again("count-1")).isEmpty();
    assertThat(counters.again("count-2")).isEqualTo("mass-1");
    assertThat(counters.again("count-3")).isEmpty();
  }

  @Test
  void shouldBeBoundedByPersonToo() {
    counters.add("first", visitor("boss", "boss"));
    for (int i = 0; i < 2_000; i++) {
      counters.add("count-" + i, visitor("kim", "kim"));
    }
    assertThat(counters.counted("count-1899", visitor("kim", "kim"))).isFalse();
    assertThat(counters.counted("count-1900", visitor("kim", "kim"))).isTrue();
    assertThat(counters.counted("first", visitor("boss", "boss"))).isTrue();
    // When
    for (int i = 0; i < 1_000; i++) {
      counters.add("other-" + i, visitor("p", "p" + i / 100));
    }
    // Then
    assertThat(counters.counted("first", visitor("boss", "boss"))).isFalse();
    assertThat(counters.counted("other-0", visitor("p", "p0"))).isTrue();
  }
}
