package io.countermand.domain.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a desk may call before its decision is durable. Time is handed in, in milliseconds. */
class LeaseHoldTest {

  private static final Instant T = Instant.parse("2026-03-03T12:00:00Z");
  private final AtomicLong ids = new AtomicLong();
  private final LeaseHold hold =
      new LeaseHold(
          new LeaseRules(Duration.ofMillis(1000), 10, 100),
          () -> Set.of("v"),
          ids::incrementAndGet);

  @Test
  void shouldBeginWithTheSecondIntentOfAStreamOnceTheGroupHasSpoken() {
    // Given
    reads(5, 100);
    // Then
    assertThat(due(90, 100)).isNull(); // one alone is not worth a record
    reads(6, 200);
    assertThat(due(0, 200)).isNull(); // nobody has said that it is a member
    Lease lease = Objects.requireNonNull(due(190, 201)).lease();
    assertThat(lease.fromOffset()).isEqualTo(6);
    assertThat(lease.toOffset()).isEqualTo(16);
    assertThat(lease.venues()).containsExactly("v");
    assertThat(lease.ended()).isFalse();
  }

  @Test
  void shouldGiveNoLeaveBeforeItIsAcknowledged() {
    // Given
    LeaseHold.Claim claim = begun();
    // Then
    assertThat(ticket(7, 210)).isNull();
    hold.acknowledged(claim, T, nanos(215));
    assertThat(ticket(7, 220)).isNotNull();
  }

  @Test
  void shouldCountItsTimeFromWhenTheGroupWasAskedAndNotFromTheAcknowledgement() {
    // Given: the group was asked at 190
    hold.acknowledged(begun(), T, nanos(900));
    // When
    LeaseHold.Ticket ticket = Objects.requireNonNull(ticket(7, 901));
    // Then
    assertThat(ticket.valid(nanos(1189), at(1189))).isTrue();
    assertThat(ticket.valid(nanos(1190), at(1189))).isFalse();
    assertThat(ticket.valid(nanos(1000), at(1191))).isFalse(); // the machine was suspended
    assertThat(ticket(8, 1190)).isNull();
  }

  @Test
  void shouldKnowHowLateItIsByTheLogsClockAtLeast() {
    // Given: this clock is ten seconds behind the log's
    hold.acknowledged(begun(), T.plusSeconds(10), nanos(210));
    // When
    LeaseHold.Ticket ticket = Objects.requireNonNull(ticket(7, 220));
    // Then
    assertThat(ticket.atLeast(nanos(260))).isEqualTo(T.plusSeconds(10).plusMillis(50));
  }

  @Test
  void shouldReachNoFurtherThanItSays() {
    // Given
    hold.acknowledged(begun(), T, nanos(210));
    // Then
    assertThat(ticket(15, 220)).isNotNull();
    assertThat(ticket(16, 220)).isNull();
    assertThat(ticket(5, 220)).isNull();
  }

  @Test
  void shouldEndBeforeTheNextIntentWhereADecisionWasNotWritten() {
    // Given
    hold.acknowledged(begun(), T, nanos(210));
    Lease.Place _ = hold.numbered(7);
    // When
    hold.lost();
    reads(8, 220);
    // Then
    Lease last = Objects.requireNonNull(due(215, 220)).lease();
    assertThat(last.ended()).isTrue();
    assertThat(last.decisions()).isEqualTo(1);
    assertThat(ticket(8, 221)).isNull();
    assertThat(hold.numbered(8)).isNull();
    reads(9, 230); // and a new one begins as ever
    reads(10, 240);
    assertThat(Objects.requireNonNull(due(235, 241)).lease().id()).isEqualTo(2);
  }

  @Test
  void shouldTakeNoLeaseWhereItDecidesForNoVenue() {
    var none =
        new LeaseHold(
            new LeaseRules(Duration.ofMillis(1000), 10, 100), Set::of, ids::incrementAndGet);
    none.reads(5, nanos(100));
    none.reads(6, nanos(200));
    assertThat(none.due(nanos(190), nanos(201), at(201))).isNull();
    assertThat(none.held()).isFalse();
  }

  @Test
  void shouldGiveNoLeaveForWhatWasPutOff() {
    // Given
    hold.acknowledged(begun(), T, nanos(210));
    Lease.Place place = hold.numbered(9);
    // Then
    assertThat(place).isEqualTo(new Lease.Place(1, 1, 9, 10, Lease.Place.NOT_TOLD));
    assertThat(hold.numbered(8)).isEqualTo(new Lease.Place(1, 2, 8, 10, Lease.Place.NOT_TOLD));
    assertThat(ticket(8, 220)).isNull(); // a later decision has proved that it was not called
    assertThat(ticket(10, 220)).isNotNull();
  }

  @Test
  void shouldGiveNoLeaveForWhatItSaidItHadRead() {
    // Given: it could not be decided when it was read, and a renewal may say so since
    hold.acknowledged(begun(), T, nanos(210));
    hold.hasRead(7);
    // Then
    assertThat(ticket(7, 220)).isNull();
    assertThat(ticket(8, 220)).isNotNull();
  }

  @Test
  void shouldBeRenewedOnlyWhenTheGroupHasSpokenAgain() {
    // Given
    hold.acknowledged(begun(), T, nanos(210));
    for (int offset = 6; offset < 14; offset++) {
      reads(offset, 220 + offset);
      hold.numbered(offset);
    }
    // Then
    assertThat(due(190, 240)).isNull();
    Lease renewed = Objects.requireNonNull(due(238, 240)).lease();
    assertThat(renewed.id()).isEqualTo(1);
    assertThat(renewed.fromOffset()).isEqualTo(6);
    assertThat(renewed.toOffset()).isGreaterThan(16);
    assertThat(renewed.decisions()).isEqualTo(8);
    assertThat(renewed.readTo()).isEqualTo(14); // that one is decided, though not done with
  }

  @Test
  void shouldSayAtItsEndThatTheIntentAtHandMayHaveBeenCalled() {
    // Given: it ends in the midst of one
    hold.acknowledged(begun(), T, nanos(210));
    reads(7, 215);
    assertThat(ticket(7, 216)).isNotNull();
    hold.numbered(7);
    // When
    Lease last = Objects.requireNonNull(hold.end(nanos(220), at(220))).lease();
    // Then: who cannot read that decision is in doubt
    assertThat(last.readTo()).isEqualTo(8);
    Leases leases = Leases.NONE.read(new Lease(1, Set.of(), 6, 16, T, 0, 6, false), T);
    assertThat(leases.read(last, T).mayHaveCalled("v", 7)).containsExactly(1L);
    assertThat(leases.read(last, T).mayHaveCalled("v", 8)).isEmpty();
  }

  @Test
  void shouldEndAfterARest() {
    // Given
    hold.acknowledged(begun(), T, nanos(210));
    hold.numbered(6);
    hold.hasRead(6);
    // When
    Lease ended = Objects.requireNonNull(due(1195, 1200)).lease();
    // Then
    assertThat(ended.ended()).isTrue();
    assertThat(ended.decisions()).isEqualTo(1);
    assertThat(ended.readTo()).isEqualTo(7);
    assertThat(hold.numbered(7)).isNull();
    assertThat(ticket(8, 1201)).isNull();
    assertThat(hold.held()).isFalse();
  }

  @Test
  void shouldNotComeBackWhenARecordIsAcknowledgedAfterTheEnd() {
    // Given
    LeaseHold.Claim claim = begun();
    hold.end(nanos(205), at(205));
    // When
    hold.acknowledged(claim, T, nanos(210));
    // Then
    assertThat(ticket(7, 211)).isNull();
  }

  private LeaseHold.Claim begun() {
    reads(5, 100);
    reads(6, 200);
    return Objects.requireNonNull(due(190, 201));
  }

  private void reads(long offset, long millis) {
    hold.reads(offset, nanos(millis));
  }

  private LeaseHold.@Nullable Claim due(long provedMillis, long millis) {
    return hold.due(provedMillis == 0 ? 0 : nanos(provedMillis), nanos(millis), at(millis));
  }

  private LeaseHold.@Nullable Ticket ticket(long offset, long millis) {
    return hold.ticket(offset, nanos(millis), at(millis));
  }

  /** Like a real one it may be below zero. */
  private static long nanos(long millis) {
    return Duration.ofMillis(millis - 150).toNanos();
  }

  private static Instant at(long millis) {
    return T.plusMillis(millis);
  }
}
