package io.countermand.domain.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the ledger may say of an intent that a lease covers. */
class LeasesTest {

  private static final Instant T = Instant.parse("2026-03-03T12:00:00Z");
  private static final long A = 11;
  private static final long B = 22;

  @Test
  void shouldTakeWhatALeaseCoversForCalledUntilTheDeskProvesOtherwise() {
    // Given
    Leases leases = Leases.NONE.read(lease(A, 10, 20), T);
    // When: it decides the intents at 10 and at 13; what lay between was no intent of its venues
    Leases decided = decided(decided(leases, A, 1, 10), A, 2, 13);
    // Then
    assertThat(leases.mayHaveCalled("v", 9)).isEmpty();
    assertThat(leases.mayHaveCalled("v", 10)).containsExactly(A);
    assertThat(leases.mayHaveCalled("v", 19)).containsExactly(A);
    assertThat(leases.mayHaveCalled("v", 20)).isEmpty();
    assertThat(decided.mayHaveCalled("v", 13)).isEmpty();
    assertThat(decided.mayHaveCalled("v", 12)).isEmpty();
    assertThat(decided.mayHaveCalled("v", 14)).containsExactly(A);
  }

  @Test
  void shouldNotTakeASuccessorsWordForItsPredecessors() {
    // Given
    Leases leases = Leases.NONE.read(lease(A, 10, 20), T).read(lease(B, 12, 30), T);
    // When
    Leases decided = decided(decided(leases, B, 1, 12), B, 2, 25);
    // Then
    assertThat(decided.mayHaveCalled("v", 12)).containsExactly(A);
    assertThat(decided.mayHaveCalled("v", 19)).containsExactly(A);
    assertThat(decided.mayHaveCalled("v", 27)).containsExactly(B);
  }

  @Test
  void shouldProveNothingBehindAGap() {
    // Given
    Leases leases = decided(Leases.NONE.read(lease(A, 10, 20), T), A, 1, 10);
    // When: number 2 is missing
    Leases gap = decided(leases, A, 3, 14);
    // Then
    assertThat(gap.mayHaveCalled("v", 10)).containsExactly(A); // it may be the one that is missing
    assertThat(gap.mayHaveCalled("v", 14)).containsExactly(A);
    assertThat(gap.read(ended(A, 10, 20, 3, 15), T).mayHaveCalled("v", 18)).containsExactly(A);
  }

  @Test
  void shouldNoticeAGapByARenewal() {
    // Given
    Leases leases = decided(Leases.NONE.read(lease(A, 10, 20), T), A, 1, 10);
    // When: it says that it wrote two decisions
    Leases renewed = leases.read(new Lease(A, Set.of(), 10, 40, T.plusSeconds(1), 2, 15, false), T);
    // Then
    assertThat(renewed.mayHaveCalled("v", 12)).containsExactly(A);
    assertThat(renewed.mayHaveCalled("v", 39)).containsExactly(A);
  }

  @Test
  void shouldKeepTheFirstOffsetWhateverARenewalSays() {
    // Given
    Leases leases = Leases.NONE.read(lease(A, 10, 20), T);
    // When
    Leases renewed = leases.read(new Lease(A, Set.of(), 15, 30, T, 0, 10, false), T);
    // Then
    assertThat(renewed.mayHaveCalled("v", 12)).containsExactly(A);
    assertThat(renewed.mayHaveCalled("v", 29)).containsExactly(A);
  }

  @Test
  void shouldLeaveNothingOpenOnceItHasEndedAndNothingIsMissing() {
    // Given
    Leases leases = decided(Leases.NONE.read(lease(A, 10, 20), T), A, 1, 10);
    // When
    Leases ended = leases.read(ended(A, 10, 20, 1, 12), T);
    // Then
    assertThat(ended).isEqualTo(Leases.NONE);
  }

  @Test
  void shouldCoverItsVenuesOnly() {
    // Given
    Leases leases = Leases.NONE.read(new Lease(A, Set.of("v"), 0, 9, T, 0, 0, false), T);
    // Then
    assertThat(leases.mayHaveCalled("v", 3)).containsExactly(A);
    assertThat(leases.mayHaveCalled("other", 3)).isEmpty();
  }

  @Test
  void shouldForgetWhatNoCancelCanNeed() {
    // Given
    Leases leases = Leases.NONE.read(lease(A, 10, 20), T);
    Instant later = T.plus(Duration.ofHours(1));
    // Then
    assertThat(leases.forget(later, 20)).isEqualTo(Leases.NONE);
    assertThat(leases.forget(later, 19)).isEqualTo(leases); // an intent may still come there
    assertThat(leases.forget(T, 20)).isEqualTo(leases);
  }

  @Test
  void shouldStayBoundedAndForgetNoCover() {
    // Given
    Leases leases = Leases.NONE;
    // When
    for (int i = 0; i < 500; i++) {
      leases = leases.read(lease(100 + i, 10L * i, 10L * i + 20), T.plusSeconds(i));
    }
    // Then
    assertThat(leases.held()).hasSizeLessThanOrEqualTo(65);
    for (long intent = 0; intent < 5010; intent++) {
      assertThat(leases.mayHaveCalled("v", intent)).isNotEmpty();
    }
  }

  @Test
  void shouldTrustNothingOfALeaseThatItMetInTheMiddleButWhatComes() {
    // Given: an audit that begins there
    Leases leases = Leases.NONE.read(new Lease(A, Set.of(), 10, 40, T, 7, 18, false), T);
    // When
    Leases decided = decided(leases, A, 8, 18);
    // Then
    assertThat(leases.mayHaveCalled("v", 17)).isEmpty();
    assertThat(leases.mayHaveCalled("v", 18)).containsExactly(A);
    assertThat(decided.mayHaveCalled("v", 18)).isEmpty();
  }

  private static Lease lease(long id, long from, long to) {
    return new Lease(id, Set.of(), from, to, T.plusSeconds(1), 0, from, false);
  }

  private static Lease ended(long id, long from, long to, long decisions, long readTo) {
    return new Lease(id, Set.of(), from, to, T, decisions, readTo, true);
  }

  private static Leases decided(Leases leases, long lease, long number, long intent) {
    return leases.decided(new Lease.Place(lease, number), intent, T);
  }
}
