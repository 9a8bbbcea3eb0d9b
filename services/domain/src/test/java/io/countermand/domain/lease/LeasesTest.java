package io.countermand.domain.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
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
  void shouldProveNothingBetweenTwoDecisionsThatHaveAGapBetweenThem() {
    // Given
    Leases leases = decided(Leases.NONE.read(lease(A, 10, 20), T), A, 1, 10);
    // When: number 2 is missing
    Leases gap = decided(decided(leases, A, 3, 14), A, 4, 17);
    // Then: of these three it is known
    assertThat(open(gap, 20)).containsExactly(11L, 12L, 13L, 15L, 16L, 18L, 19L);
    // When: it has read on to 19
    Leases ended = gap.read(ended(A, 10, 20, 4, 19), T);
    // Then: number 4 may be of one that was put off, 2 of 15, 16 or 18
    assertThat(open(ended, 20)).containsExactly(11L, 12L, 13L, 15L, 16L, 18L);
  }

  @Test
  void shouldProveTheMoreOnceTheGapIsClosed() {
    // Given
    Leases leases = decided(Leases.NONE.read(lease(A, 10, 20), T), A, 1, 10);
    Leases gap = decided(decided(leases, A, 4, 17), A, 5, 18);
    // When: what could not be read can be, in any order
    Leases closed = decided(decided(gap, A, 3, 15), A, 2, 12);
    Leases other = decided(decided(gap, A, 2, 12), A, 3, 15);
    // Then
    assertThat(open(decided(gap, A, 3, 15), 20)).containsExactly(11L, 12L, 13L, 14L, 16L, 19L);
    assertThat(open(closed, 20)).containsExactly(19L);
    assertThat(other).isEqualTo(closed);
    assertThat(decided(closed, A, 3, 19)).isEqualTo(closed); // that number was read
    assertThat(closed.read(ended(A, 10, 20, 5, 19), T)).isEqualTo(Leases.NONE);
  }

  @Test
  void shouldNotTakeOneThatWasPutOffForThePlaceWhereTheDeskIs() {
    // Given: number 2 is of 14 and cannot be read yet; 3 is of an earlier one that was put off
    Leases leases = decided(Leases.NONE.read(lease(A, 10, 20), T), A, 1, 12);
    // When
    Leases gap = decided(decided(leases, A, 3, 11), A, 4, 16);
    // Then
    assertThat(open(gap, 20)).containsExactly(13L, 14L, 15L, 17L, 18L, 19L);
    assertThat(open(decided(gap, A, 2, 14), 20)).containsExactly(17L, 18L, 19L);
  }

  @Test
  void shouldNoticeAGapByARenewal() {
    // Given
    Leases leases = decided(Leases.NONE.read(lease(A, 10, 20), T), A, 1, 10);
    // When: it says that it wrote two decisions, and has read on to 15
    Leases renewed = leases.read(new Lease(A, Set.of(), 10, 22, T.plusSeconds(1), 2, 15, false), T);
    // Then
    assertThat(open(renewed, 22))
        .containsExactly(11L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L, 20L, 21L);
    // When: it goes on from there
    Leases on = decided(decided(renewed, A, 3, 16), A, 4, 19);
    // Then
    assertThat(open(on, 22)).containsExactly(11L, 12L, 13L, 14L, 20L, 21L);
    assertThat(open(decided(on, A, 2, 11), 22)).containsExactly(20L, 21L);
    // When: it tells of more that was not read, and then of none
    Leases twice = on.read(new Lease(A, Set.of(), 10, 26, T.plusSeconds(2), 6, 22, false), T);
    Leases again = twice.read(new Lease(A, Set.of(), 10, 26, T.plusSeconds(3), 6, 24, false), T);
    // Then
    assertThat(open(again, 26)).containsExactly(11L, 12L, 13L, 14L, 20L, 21L, 24L, 25L);
    assertThat(open(decided(decided(again, A, 6, 21), A, 5, 20), 26))
        .containsExactly(11L, 12L, 13L, 14L, 24L, 25L);
  }

  @Test
  void shouldGoOnBehindARenewalWhoseLastDecisionWasReadLate() {
    // Given: three were written that cannot be read yet
    Leases leases = Leases.NONE.read(lease(A, 10, 20), T);
    Leases renewed = leases.read(new Lease(A, Set.of(), 10, 20, T.plusSeconds(1), 3, 15, false), T);
    // When
    Leases on = decided(decided(renewed, A, 3, 14), A, 4, 18);
    // Then
    assertThat(open(on, 20)).containsExactly(10L, 11L, 12L, 13L, 19L);
  }

  @Test
  void shouldKnowItsBeginningHoweverOftenItTellsOfWhatIsMissing() {
    // Given
    Leases leases = Leases.NONE.read(lease(A, 0, 10_000), T);
    // When: renewed again and again, while nothing can be read; then all can
    for (int i = 1; i <= 200; i++) {
      leases = leases.read(new Lease(A, Set.of(), 0, 10_000, T, i, 3 + i, false), T);
    }
    for (int i = 1; i <= 200; i++) {
      leases = decided(leases, A, i, 2 + i);
    }
    // Then
    assertThat(open(leases, 203)).isEmpty();
    assertThat(leases.held().getFirst().proof().runs()).hasSize(1);
  }

  @Test
  void shouldDropOneThatHasEndedOnceItsLastGapIsClosed() {
    // Given
    Leases ended = Leases.NONE.read(lease(A, 10, 20), T).read(ended(A, 10, 20, 2, 15), T);
    // When
    Leases half = decided(ended, A, 2, 14);
    // Then
    assertThat(half.held()).hasSize(1);
    assertThat(decided(half, A, 1, 11)).isEqualTo(Leases.NONE);
  }

  @Test
  void shouldStayBoundedWhateverIsMissing() {
    // Given: every other decision
    Leases leases = Leases.NONE.read(lease(A, 0, 10_000), T);
    // When
    for (int i = 1; i < 5_000; i += 2) {
      leases = decided(leases, A, i, 2L * i);
    }
    // Then: what is forgotten is in doubt
    LeaseProof proof = leases.held().getFirst().proof();
    assertThat(proof.runs()).hasSize(64);
    assertThat(proof.known()).hasSize(512);
    assertThat(leases.mayHaveCalled("v", 2)).isEmpty();
    assertThat(leases.mayHaveCalled("v", 6)).containsExactly(A);
    assertThat(leases.mayHaveCalled("v", 9_998)).isEmpty();
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
    assertThat(leases.forget(later, 20, List::of)).isEqualTo(Leases.NONE);
    assertThat(leases.forget(later, 20, () -> List.of(9L, 20L))).isEqualTo(Leases.NONE);
    assertThat(leases.forget(later, 19, List::of)).isEqualTo(leases); // an intent may yet come
    assertThat(leases.forget(T, 20, List::of)).isEqualTo(leases);
    assertThat(leases.forget(later, 20, () -> List.of(19L))).isEqualTo(leases);
    assertThat(leases.forget(later, 20, () -> null)).isEqualTo(leases);
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

  private static List<Long> open(Leases leases, long to) {
    return LongStream.range(0, to)
        .filter(intent -> !leases.mayHaveCalled("v", intent).isEmpty())
        .boxed()
        .toList();
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
