package io.countermand.console.actions;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.console.access.SignedInUser;
import io.countermand.console.access.UserRole;
import io.countermand.events.MassCancel;
import io.countermand.events.MassReport;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KillProposalsTest {

  private Instant now = Instant.parse("2027-03-01T12:00:00Z");
  private final Set<String> killers = new HashSet<>(Set.of("oidc:17"));
  private final KillProposals proposals = new KillProposals(() -> now, killers::contains);

  private static SignedInUser visitor(String name, String person) {
    return new SignedInUser(name, Set.of(UserRole.KILLER), "t", "192.0.2.1", person);
  }

  private KillProposals.Proposal proposal(String id) {
    return proposal(id, "oidc:17");
  }

  private KillProposals.Proposal proposal(String id, String person) {
    var mass = new MassCancel();
    mass.setMassId(id);
    mass.setCreatedAt(now);
    var counted = new MassReport();
    counted.setMass(mass);
    return new KillProposals.Proposal(
        mass,
        60,
        counted,
        "venue a",
        "kill 3",
        now,
        "oidc:kim",
        person,
        now.plus(Duration.ofMinutes(10)),
        false);
  }

  @Test
  void shouldWaitUntilItIsTooOldAndBeTakenOnce() {
    // Given
    proposals.add(proposal("a"));
    proposals.add(proposal("b"));
    now = now.plus(Duration.ofMinutes(10)).minusNanos(1);
    // When, then
    assertThat(proposals.all()).extracting(KillProposals.Proposal::id).containsExactly("b", "a");
    assertThat(proposals.take("a")).isPresent();
    assertThat(proposals.take("a")).isEmpty();
    // When
    now = now.plusNanos(1);
    // Then
    assertThat(proposals.find("b")).isEmpty();
    assertThat(proposals.take("b")).isEmpty();
    assertThat(proposals.all()).isEmpty();
  }

  @Test
  void shouldKnowItsPersonUnderAnotherName() {
    KillProposals.Proposal waiting = proposal("a");
    assertThat(waiting.of(visitor("oidc:kim", "oidc:17"))).isTrue();
    assertThat(waiting.of(visitor("oidc:kim2", "oidc:17"))).isTrue();
    assertThat(waiting.of(visitor("oidc:kim", "oidc:18"))).as("the same in records").isTrue();
    assertThat(waiting.of(visitor("boss", "boss"))).isFalse();
  }

  @Test
  void shouldHaveANumberThatIsOldCountedAgainUnlessItWasConfirmedOnce() {
    KillProposals.Proposal waiting = proposal("a");
    assertThat(waiting.stale(now.plus(Duration.ofMinutes(5)))).isFalse();
    assertThat(waiting.stale(now.plus(Duration.ofMinutes(5)).plusNanos(1))).isTrue();
    proposals.doubt(waiting, waiting.mass());
    assertThat(proposals.find("a").orElseThrow().stale(now.plus(Duration.ofMinutes(6)))).isFalse();
  }

  @Test
  void shouldBeBoundedByPersonToo() {
    for (int i = 0; i < 100; i++) {
      String person = "person" + i / 10;
      killers.add(person);
      if (i % 10 == 5) { // that is on its way takes a place, too
        assertThat(proposals.reserve("p" + i, person)).isTrue();
        proposals.giveUp("p" + i);
      }
      assertThat(proposals.reserve("p" + i, person)).isTrue();
      assertThat(proposals.reserve("p" + i, person)).as("the same").isFalse();
      if (i % 10 == 9) {
        assertThat(proposals.reserve("more", person)).as("of his").isFalse();
      }
      if (i % 2 == 0) {
        proposals.add(proposal("p" + i, person));
      }
    }
    assertThat(proposals.all()).hasSize(50);
    assertThat(proposals.reserve("more", "another")).isFalse();
    proposals.giveUp("p1");
    assertThat(proposals.reserve("more", "another")).isTrue();
  }

  @Test
  void shouldHoldBackWhatOneProposedWhoIsNoKillerUnlessItIsInDoubt() {
    // Given
    proposals.add(proposal("a"));
    // When
    killers.clear();
    // Then
    assertThat(proposals.all()).isEmpty();
    assertThat(proposals.find("a")).isEmpty();
    assertThat(proposals.take("a")).isEmpty();
    // When
    killers.add("oidc:17");
    KillProposals.Proposal taken = proposals.take("a").orElseThrow();
    proposals.doubt(taken, taken.mass());
    killers.clear();
    // Then
    assertThat(proposals.find("a")).isPresent();
  }

  @Test
  void shouldShowForAnHourWhatIsInDoubt() {
    // Given
    proposals.add(proposal("a"));
    now = now.plus(Duration.ofMinutes(10)).minusNanos(1);
    KillProposals.Proposal taken = proposals.take("a").orElseThrow();
    now = now.plus(Duration.ofMinutes(2));
    // When
    proposals.doubt(taken, taken.mass());
    now = now.plus(Duration.ofHours(1)).minusNanos(1);
    // Then
    assertThat(proposals.all()).hasSize(1).allMatch(KillProposals.Proposal::doubted);
    now = now.plusNanos(1);
    assertThat(proposals.all()).isEmpty();
  }

  @Test
  void shouldKnowTheNewestThatWereWithdrawn() {
    for (int i = 0; i <= 100; i++) {
      proposals.withdraw("p" + i);
    }
    assertThat(proposals.withdrawn("p0")).isFalse();
    assertThat(proposals.withdrawn("p1")).isTrue();
    assertThat(proposals.withdrawn("p100")).isTrue();
  }

  @Test
  void shouldHoldOneOfAMassCancelAndPutBackWhatDidNotTakeEffect() {
    // Given
    proposals.add(proposal("a"));
    proposals.add(proposal("a"));
    assertThat(proposals.all()).hasSize(1);
    KillProposals.Proposal taken = proposals.take("a").orElseThrow();
    assertThat(proposals.all()).isEmpty();
    // When
    proposals.putBack(taken);
    // Then
    assertThat(proposals.find("a")).contains(taken);
    // When: over what was added meanwhile, if somebody could
    proposals.doubt(taken, taken.mass());
    // Then
    assertThat(proposals.find("a").orElseThrow().doubted()).isTrue();
    // When: not for longer than before
    proposals.take("a");
    now = now.plus(Duration.ofMinutes(10));
    proposals.putBack(taken);
    // Then
    assertThat(proposals.find("a")).isEmpty();
  }
}
