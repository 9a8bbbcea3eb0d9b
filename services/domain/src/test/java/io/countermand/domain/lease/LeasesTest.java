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
  void shouldProveWhatTheDeskHadReadAndDecidedNothingAbout() {
    // Given
    Leases leases = Leases.NONE.read(lease(A, 10, 20), T);
    // When: one that was put off is decided, and the desk has read on to 15
    Leases decided = leases.decided(new Lease.Place(A, 1, 11, 15, Lease.Place.NOT_TOLD), T);
    // Then
    assertThat(open(decided, 20)).containsExactly(15L, 16L, 17L, 18L, 19L);
  }

  @Test
  void shouldProveNothingBetweenTwoDecisionsOneOfWhichWasLostBetweenThem() {
    // Given
    Leases leases = decided(Leases.NONE.read(lease(A, 10, 20), T), A, 1, 10);
    // When: number 2 is missing
    Leases gap = decided(decided(leases, A, 3, 14), A, 4, 17);
    // Then: it may be of one of these; what comes behind is proved as before
    assertThat(open(gap, 20)).containsExactly(11L, 12L, 13L, 18L, 19L);
    assertThat(decided(gap, A, 2, 12)).isEqualTo(gap); // out of order: that cannot be
    // When: it has read on to 19
    Leases ended = gap.read(ended(A, 10, 20, 4, 19), T);
    // Then
    assertThat(open(ended, 20)).containsExactly(11L, 12L, 13L);
    assertThat(ended.held().getFirst().endsBefore(12)).isFalse();
  }

  @Test
  void shouldKnowOneThatWasPutOffAndNothingMoreBehindAGap() {
    // Given
    Leases leases = decided(Leases.NONE.read(lease(A, 10, 20), T), A, 1, 12);
    // When: number 2 is missing, 3 is of an earlier one, and the desk has read on to 16
    Leases gap = leases.decided(new Lease.Place(A, 3, 11, 16, Lease.Place.NOT_TOLD), T);
    // Then
    assertThat(open(gap, 20)).containsExactly(13L, 14L, 15L, 16L, 17L, 18L, 19L);
    assertThat(open(decided(gap, A, 4, 18), 20)).containsExactly(13L, 14L, 15L, 19L);
    // When: 3 is of one in between
    gap = leases.decided(new Lease.Place(A, 3, 14, 17, Lease.Place.NOT_TOLD), T);
    // Then
    assertThat(open(decided(gap, A, 4, 18), 20)).containsExactly(13L, 15L, 16L, 19L);
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
    // When: it goes on from there, and says once more what it said
    Leases on = decided(decided(renewed, A, 3, 16), A, 4, 19);
    Leases again = on.read(new Lease(A, Set.of(), 10, 22, T.plusSeconds(1), 2, 15, false), T);
    // Then
    assertThat(open(on, 22)).containsExactly(11L, 12L, 13L, 14L, 20L, 21L);
    assertThat(again).isEqualTo(on);
  }

  @Test
  void shouldPutAnIntentIntoDoubtWhoseDecisionNobodyCouldRead() {
    // Given: it had been read by its place
    Leases leases = decided(Leases.NONE.read(lease(A, 10, 20), T), A, 1, 12);
    assertThat(leases.mayHaveCalled("v", 12)).isEmpty();
    // When: the lease has ended meanwhile, and nothing of it is left
    Leases ended = leases.read(ended(A, 10, 20, 1, 15), T);
    Leases given = ended.unreadable(place(A, 1, 12), null, T);
    // Then
    assertThat(ended).isEqualTo(Leases.NONE);
    assertThat(open(given, 30)).containsExactly(12L);
    assertThat(given.mayHaveCalled("any venue", 12)).containsExactly(A);
    assertThat(given.none()).isFalse();
    assertThat(open(leases.unreadable(place(A, 1, 12), null, T), 15))
        .containsExactly(12L, 13L, 14L);
    assertThat(leases.unreadable(place(A, 1, 13), null, T).mayHaveCalled("v", 13))
        .containsExactly(A);
  }

  @Test
  void shouldPutAnIntentIntoDoubtWhoseMarkerUnderNoLeaseNobodyCouldRead() {
    // Given
    Lease.Place one = Lease.Place.unleased(12, "a1");
    Lease.Place again = Lease.Place.unleased(12, "a2");
    // When: both its calls
    Leases both = Leases.NONE.unreadable(one, "v", T).unreadable(again, "v", T);
    // Then: each is known by itself
    assertThat(Leases.NONE.decided(one, T)).isEqualTo(Leases.NONE);
    assertThat(open(both, 20)).containsExactly(12L);
    assertThat(both.mayHaveCalled("v", 12)).containsExactly(Lease.Place.NO_LEASE);
    assertThat(both.mayHaveCalled("other", 12)).isEmpty();
    assertThat(both.known(12, "a3")).isEqualTo(both);
    assertThat(both.known(13, "a1")).isEqualTo(both);
    assertThat(open(both.known(12, "a1"), 20)).containsExactly(12L);
    assertThat(both.known(12, "a1").known(12, "a2")).isEqualTo(Leases.NONE);
    assertThat(both.known(one).known(again)).isEqualTo(Leases.NONE);
  }

  @Test
  void shouldPutTogetherTheNearestOfOneVenue() {
    // Given
    Leases leases = Leases.NONE;
    for (int i = 0; i < 256; i++) {
      leases = leases.unreadable(Lease.Place.unleased(10L * i, "a" + i), "v", T);
    }
    // When: one more, near another
    leases = leases.unreadable(place(A, 1, 1_002), "v", T);
    // Then
    assertThat(open(leases, 2_560)).hasSize(258).contains(1_000L, 1_001L, 1_002L);
    assertThat(leases.mayHaveCalled("v", 1_001)).containsExactly(Leases.SEVERAL);
    assertThat(leases.mayHaveCalled("other", 1_001)).isEmpty();
    assertThat(leases.mayHaveCalled("v", 990)).containsExactly(Lease.Place.NO_LEASE);
  }

  @Test
  void shouldJudgeARecordByWhatWasKnownThereAndWhatNobodyCouldReadSince() {
    // Given
    Leases there = decided(Leases.NONE.read(lease(A, 10, 20), T), A, 1, 12);
    Leases now = there.read(lease(B, 10, 40), T).read(ended(A, 10, 20, 1, 20), T);
    // When
    Leases judged = there.seenFrom(now.unreadable(place(A, 1, 12), null, T));
    // Then
    assertThat(open(judged, 40)).containsExactly(12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L);
    assertThat(judged.mayHaveCalled("v", 13)).containsExactly(A);
  }

  @Test
  void shouldForgetWhatNobodyCouldReadOnceNoCancelCanNeedIt() {
    // Given
    Leases leases = Leases.NONE.unreadable(place(A, 1, 12), null, T);
    Instant later = T.plus(Duration.ofHours(1));
    // Then
    assertThat(leases.forget(later, 13, List::of)).isEqualTo(Leases.NONE);
    assertThat(leases.forget(later, 12, List::of)).isEqualTo(leases); // its intent may yet come
    assertThat(leases.forget(T, 13, List::of)).isEqualTo(leases);
    assertThat(leases.forget(later, 13, () -> List.of(12L))).isEqualTo(leases);
    assertThat(leases.forget(later, 13, () -> List.of(11L, 13L))).isEqualTo(Leases.NONE);
    assertThat(leases.forget(later, 13, () -> null)).isEqualTo(leases);
  }

  @Test
  void shouldStayBoundedWhateverNobodyCouldRead() {
    // Given
    Leases leases = Leases.NONE;
    // When: every other decision; and then all of them
    for (int i = 1; i <= 1_000; i++) {
      leases = leases.unreadable(place(A, 2 * i, 2L * i), null, T.plusSeconds(i));
    }
    Leases all = Leases.NONE;
    for (int i = 1; i <= 1_000; i++) {
      all = all.unreadable(place(A, i, i), null, T.plusSeconds(i));
    }
    // Then: none is forgotten
    assertThat(leases.unreadable()).hasSize(256);
    for (int i = 1; i <= 1_000; i++) {
      assertThat(leases.mayHaveCalled("v", 2L * i)).containsExactly(A);
    }
    assertThat(leases.mayHaveCalled("v", 1_999)).isEmpty();
    assertThat(all.unreadable()).hasSize(256);
    assertThat(open(all, 1_002)).isEqualTo(LongStream.rangeClosed(1, 1_000).boxed().toList());
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
    assertThat(proof.gaps()).hasSize(64);
    assertThat(leases.mayHaveCalled("v", 2)).isEmpty();
    assertThat(leases.mayHaveCalled("v", 6)).containsExactly(A);
    assertThat(leases.mayHaveCalled("v", 9_998)).isEmpty();
    assertThat(leases.mayHaveCalled("v", 9_997)).containsExactly(A);
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
    return leases.decided(place(lease, number, intent), T);
  }

  /** In the order of the intents. */
  private static Lease.Place place(long lease, long number, long intent) {
    return new Lease.Place(lease, number, intent, intent + 1, Lease.Place.NOT_TOLD);
  }
}
