package io.countermand.simulator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Reply;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.options.SimulatedLimits;
import io.countermand.simulator.options.VenueKind;
import io.countermand.simulator.request.CallKind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract suite: rate limits, penalties and lock-outs are kept to the second. */
class LimitContractTest {

  @ParameterizedTest
  @EnumSource
  void shouldWaitAsLongAsTheVenueSays(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      // Given
      var ref = rig.placed();
      rig.simulator.faults().next(kind.adapter(), new Fault.TooMany("7"));

      // When
      var limited = rig.cancel(ref);

      // Then
      var wait =
          switch (kind) {
            // The hour is a rule of the documents, whatever a header says.
            case TRADOVATE -> Duration.ofHours(1);
            // An answer over a WebSocket has no header.
            case CROSSTRADE_WS -> null;
            default -> Duration.ofSeconds(7);
          };
      assertRetryLater(rig, ref, limited.reply(), wait);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CROSSTRADE", "CROSSTRADE_WEBHOOK", "CADENZA"})
  void shouldWaitUntilADate(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      // Given
      var ref = rig.placed();
      var date =
          DateTimeFormatter.RFC_1123_DATE_TIME.format(
              rig.clock.instant().plusSeconds(90).atOffset(ZoneOffset.UTC));
      rig.simulator.faults().next(kind.adapter(), new Fault.TooMany(date));

      // When
      var limited = rig.cancel(ref);

      // Then
      assertRetryLater(rig, ref, limited.reply(), Duration.ofSeconds(90));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldRetryLaterWhenTheVenueNamesNoTime(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      // Given
      var ref = rig.placed();
      rig.simulator.faults().next(kind.adapter(), new Fault.TooMany(null));

      // When
      var limited = rig.cancel(ref);

      // Then
      assertRetryLater(
          rig, ref, limited.reply(), kind == VenueKind.TRADOVATE ? Duration.ofHours(1) : null);
    }
  }

  /**
   * @param wait null for the adapter's own choice
   */
  private static void assertRetryLater(
      Rig rig, OrderRef ref, Reply reply, @org.jspecify.annotations.Nullable Duration wait) {
    assertThat(reply).isInstanceOf(Reply.RetryLater.class);
    Instant at = ((Reply.RetryLater) reply).at();
    if (wait != null) {
      assertThat(at).isEqualTo(rig.clock.instant().plus(wait));
    }
    if (at == null) {
      return;
    }
    long before = rig.cancels();
    rig.clock.pass(Duration.between(rig.clock.instant(), at).minusMillis(1));
    assertThat(rig.cancel(ref).reply()).isInstanceOf(Reply.NotSent.class);
    assertThat(rig.cancels()).isEqualTo(before);
    rig.clock.pass(Duration.ofMillis(1));
    rig.cancel(ref);
    assertThat(rig.inBook(ref)).isEqualTo(OrdStatus.CANCELED);
  }

  @Test
  void shouldTakeNeuraTradesOwnWordForIt() throws Exception {
    // Given
    var limits = new SimulatedLimits(2, 2, Duration.ofMinutes(1), Duration.ZERO);
    try (var rig = Rig.start(VenueKind.NEURATRADE, options -> options.withLimits(limits))) {
      rig.cancel(rig.placed());
      var ref = rig.placed();

      // When
      var limited = rig.cancel(ref);

      // Then
      assertRetryLater(rig, ref, limited.reply(), Duration.ofSeconds(30));
    }
  }

  @Test
  void shouldMakeNoRequestInsideALockOut() throws Exception {
    try (var rig = Rig.start(VenueKind.TRADOVATE)) {
      // Given
      var ref = rig.placed();
      rig.simulator.faults().next("tradovate", new Fault.LockOut());
      var locked = rig.cancel(ref);

      // When
      for (int i = 0; i < 59; i++) {
        rig.clock.pass(Duration.ofMinutes(1));
        rig.cancel(ref);
        rig.status(ref);
        rig.adapter.probe(Rig.PATIENCE);
      }
      rig.clock.pass(Duration.ofMinutes(1));
      rig.cancel(ref);

      // Then
      assertThat(locked.reply()).isInstanceOf(Reply.RetryLater.class);
      assertThat(rig.inBook(ref)).isEqualTo(OrdStatus.CANCELED);
      assertThat(rig.simulator.journal().calls())
          .extracting(call -> call.answered().fault())
          .doesNotContain("locked-out", "limited");
    }
  }

  @Test
  void shouldSendTheSameAgainWithItsTicket() throws Exception {
    try (var rig = Rig.start(VenueKind.TRADOVATE)) {
      // Given
      var ref = rig.placed();
      rig.simulator.faults().next("tradovate", new Fault.Ticket(15, false));
      var penalty = (Reply.RetryLater) rig.cancel(ref).reply();

      // When
      rig.clock.pass(Duration.ofSeconds(15));
      var again =
          rig.cancel(Rig.request(ref, null, null, null, penalty.continuation()), Rig.PATIENCE);

      // Then
      assertThat(penalty.at()).isEqualTo("2026-03-03T12:00:15Z");
      assertThat(penalty.continuation()).isNotNull();
      assertThat(again.reply()).isInstanceOf(Reply.Accepted.class);
      assertThat(rig.simulator.journal().calls(ref))
          .extracting(call -> call.answered().fault())
          .containsExactly("ticket", null);
    }
  }

  @Test
  void shouldStopForAnHourOnACaptcha() throws Exception {
    try (var rig = Rig.start(VenueKind.TRADOVATE)) {
      // Given
      var ref = rig.placed();
      rig.simulator.faults().next("tradovate", new Fault.Ticket(60, true));
      var captcha = (Reply.RetryLater) rig.cancel(ref).reply();

      // When
      rig.clock.pass(Duration.ofMinutes(59));
      var inside = rig.cancel(ref);
      rig.clock.pass(Duration.ofMinutes(1));
      var after = rig.cancel(ref);

      // Then
      assertThat(captcha.at()).isEqualTo("2026-03-03T13:00:00Z");
      assertThat(inside.reply()).isInstanceOf(Reply.NotSent.class);
      assertThat(after.reply()).isInstanceOf(Reply.Accepted.class);
      assertThat(rig.simulator.journal().calls(ref))
          .extracting(call -> call.answered().fault())
          .containsExactly("ticket", null);
    }
  }

  @Test
  void shouldKeepTheTimeOfATicketForALogin() throws Exception {
    try (var rig = Rig.start(VenueKind.TRADOVATE)) {
      // Given
      var ref = rig.placed();
      rig.simulator
          .faults()
          .add(FaultRule.next("tradovate", 1, new Fault.Ticket(20, false)).on(CallKind.LOGIN));

      // When
      var penalty = rig.cancel(ref);
      rig.clock.pass(Duration.ofSeconds(19));
      rig.cancel(ref);
      var inside = rig.logins();
      rig.clock.pass(Duration.ofSeconds(1));
      rig.cancel(ref);

      // Then
      assertThat(penalty.sent()).isFalse();
      assertThat(inside).isEqualTo(1);
      assertThat(rig.inBook(ref)).isEqualTo(OrdStatus.CANCELED);
    }
  }

  @Test
  void shouldKeepTheHourlyLimitOfTokenRequests() throws Exception {
    try (var rig =
        Rig.start(
            VenueKind.TRADOVATE,
            options -> options.withLimits(SimulatedLimits.of(VenueKind.TRADOVATE)))) {
      // When
      for (int i = 0; i < 20; i++) {
        rig.cancel(rig.placed());
        rig.simulator.expireTokens("tradovate");
        rig.clock.pass(Duration.ofMinutes(1));
      }

      // Then
      assertThat(rig.logins()).isLessThanOrEqualTo(6);
      assertThat(rig.simulator.journal().calls())
          .extracting(call -> call.answered().fault())
          .doesNotContain("limited", "locked-out");
    }
  }
}
