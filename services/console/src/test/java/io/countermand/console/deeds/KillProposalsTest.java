package io.countermand.console.deeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.console.access.UserRole;
import io.countermand.console.access.Visitor;
import io.countermand.events.MassCancel;
import io.countermand.events.MassReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KillProposalsTest {

  private Instant now = Instant.parse("2027-03-01T12:00:00Z");
  private final KillProposals proposals = new KillProposals(() -> now);

  private static Visitor visitor(String name, String person) {
    return new Visitor(name, Set.of(UserRole.KILLER), "t", "192.0.2.1", person);
  }

  private KillProposals.Proposal proposal(String id) {
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
        "oidc:17",
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
    assertThat(waiting.inDoubt(waiting.mass()).stale(now.plus(Duration.ofMinutes(6)))).isFalse();
  }

  @Test
  void shouldBeBounded() {
    for (int i = 0; i < 100; i++) {
      assertThat(proposals.add(proposal("p" + i))).isTrue();
    }
    assertThat(proposals.room()).isFalse();
    assertThat(proposals.add(proposal("more"))).isFalse();
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
    proposals.putBack(taken.inDoubt(taken.mass()));
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
