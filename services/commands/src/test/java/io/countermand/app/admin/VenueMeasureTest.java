package io.countermand.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Attempt;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelResult;
import io.countermand.domain.DecidedBy;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.RequestKind;
import io.countermand.domain.lifecycle.Finding;
import io.countermand.domain.lifecycle.FindingKind;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class VenueMeasureTest {

  private static final Instant T0 = Instant.parse("2026-03-03T12:00:00Z");
  private static final Evidence AT = new Evidence("cancel-intents", 0, 1);

  private final VenueMeasure measure = new VenueMeasure();

  private static Cancel cancel(String venue) {
    return new Cancel(
        "c",
        new OrderRef(venue, "a", "1"),
        null,
        null,
        null,
        false,
        false,
        null,
        T0,
        T0.plusSeconds(60),
        T0,
        AT,
        "");
  }

  private static Attempt attempt(ReplyKind reply, RequestKind kind, long repliedMillis) {
    Instant at = T0.plusMillis(repliedMillis);
    return new Attempt("id", 1, kind, T0, T0, at, true, reply, "200", null, false);
  }

  private static Outcome outcome(
      String venue, CancelResult result, Reason reason, long millis, String joined, Attempt... a) {
    return new Outcome(
        cancel(venue),
        result,
        reason,
        "",
        null,
        null,
        null,
        null,
        DecidedBy.VENUE,
        joined,
        null,
        null,
        List.of(a),
        List.of(AT),
        T0.plusMillis(millis));
  }

  private static Attempt taken(long millis) {
    return attempt(ReplyKind.ACCEPTED, RequestKind.CANCEL, millis);
  }

  private void confirmed(String venue, long repliedAt, long confirmedAt) {
    measure.add(
        outcome(
            venue,
            CancelResult.CANCELED,
            Reason.CONFIRMED_BY_ORDER_EVENT,
            confirmedAt,
            null,
            taken(repliedAt)));
  }

  private List<String> row(String venue) {
    return measure.lines().stream()
        .filter(line -> line.startsWith(venue + " "))
        .map(line -> Arrays.asList(line.strip().split(" +")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldTellShareAndTimeOfConfirmationsByVenue() {
    // Given 99 that took 100 ms after their reply, one 10 s, one that nobody confirmed
    for (int i = 0; i < 99; i++) {
      confirmed("ct", 50, 150);
    }
    confirmed("ct", 50, 10_050);
    measure.add(outcome("ct", CancelResult.PENDING, Reason.NOT_CONFIRMED, 60_000, null, taken(50)));
    // When, Then
    List<String> row = row("ct");
    assertThat(row.subList(0, 9))
        .containsExactly("ct", "101", "99.0%", "0", "100", "0", "1", "0", "0");
    assertThat(Long.parseLong(row.get(9))).isBetween(100L, 105L);
    assertThat(Long.parseLong(row.get(10))).isBetween(100L, 105L);
    assertThat(row.get(11)).isEqualTo("10000");
  }

  @Test
  void shouldCountEachWayToKnow() {
    measure.add(
        outcome(
            "v",
            CancelResult.CANCELED,
            Reason.CONFIRMED_BY_VENUE,
            5,
            null,
            attempt(ReplyKind.CANCELED, RequestKind.CANCEL, 5)));
    confirmed("v", 5, 6);
    measure.add(
        outcome(
            "v",
            CancelResult.CANCELED,
            Reason.CONFIRMED_BY_STATUS,
            2_005,
            null,
            taken(5),
            attempt(ReplyKind.STATUS, RequestKind.STATUS, 2_000)));
    measure.add(outcome("v", CancelResult.REJECTED, Reason.ORDER_FILLED, 9, null, taken(5)));
    assertThat(row("v").subList(0, 9))
        .containsExactly("v", "4", "75.0%", "1", "1", "1", "0", "0", "1");
  }

  @Test
  void shouldCountFromTheFirstReplyThatTookIt() {
    measure.add(
        outcome(
            "v",
            CancelResult.CANCELED,
            Reason.CONFIRMED_BY_ORDER_EVENT,
            1_000,
            null,
            attempt(ReplyKind.AMBIGUOUS, RequestKind.CANCEL, 1),
            taken(600),
            taken(900)));

    assertThat(row("v").get(11)).isEqualTo("400");
  }

  @Test
  void shouldLeaveOutWhatNoVenueTookAndWhatJoinedAnother() {
    measure.add(
        outcome(
            "v",
            CancelResult.REJECTED,
            Reason.ORDER_NOT_OPEN,
            5,
            null,
            attempt(ReplyKind.NOT_OPEN, RequestKind.CANCEL, 5)));
    measure.add(outcome("v", CancelResult.REJECTED, Reason.UNKNOWN_VENUE, 5, null));
    measure.add(
        outcome("v", CancelResult.CANCELED, Reason.CONFIRMED_BY_ORDER_EVENT, 5, "other", taken(1)));

    assertThat(measure.lines()).containsExactly("no venue took a cancel");
  }

  @Test
  void shouldTellWhatWasLearnedLaterOfWhatItCounted() {
    measure.add(outcome("v", CancelResult.PENDING, Reason.NOT_CONFIRMED, 10, null, taken(5)));
    measure.add(finding(CancelResult.PENDING, FindingKind.RESOLVED, 10), T0);
    measure.add(finding(CancelResult.PENDING, FindingKind.RESOLVED, -10), T0);
    measure.add(finding(CancelResult.CANCELED, FindingKind.CONTRADICTED, 10), T0);

    assertThat(row("v").subList(6, 8)).containsExactly("1", "1");
  }

  private static Finding finding(CancelResult said, FindingKind kind, long decidedMillis) {
    return new Finding(
        cancel("v"),
        said,
        Reason.NOT_CONFIRMED,
        T0.plusMillis(decidedMillis),
        kind,
        OrdStatus.CANCELED,
        null,
        false,
        "",
        List.of(AT),
        T0.plusSeconds(90));
  }

  @Test
  void shouldTakeClocksThatDifferForAtOnceAndAYearForTheLongest() {
    confirmed("v", 100, 50);
    confirmed("v", 0, Duration.ofDays(400).toMillis());

    assertThat(row("v").get(9)).isEqualTo("0");
    assertThat(row("v").get(11)).isEqualTo(Long.toString(Duration.ofDays(400).toMillis()));
  }

  @Test
  void shouldNotGrowWithNamesThatAreNoVenues() {
    for (int i = 0; i < 5_000; i++) {
      confirmed("v" + i, 1, 2);
    }
    confirmed("v1", 1, 2);

    assertThat(measure.lines()).hasSize(1_001);
    assertThat(row("v1").get(1)).isEqualTo("2");
  }
}
