package io.countermand.simulator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Reply;
import io.countermand.domain.order.OrdStatus;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.fault.Garbling;
import io.countermand.simulator.options.InstanceOptions;
import io.countermand.simulator.options.VenueKind;
import io.countermand.simulator.request.CallKind;
import io.countermand.venues.Probe.Credential;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract suite: tokens, for every adapter. */
class AuthContractTest {

  @ParameterizedTest
  @EnumSource
  void shouldBeUnauthorizedWithWrongCredentialsAndThenCallNoMore(VenueKind kind) throws Exception {
    try (var rig = Rig.startWithWrongCredentials(kind)) {
      // Given
      var ref = rig.placed();

      // When
      var first = rig.cancel(ref);
      long calls = rig.simulator.journal().calls().size();
      var second = rig.cancel(ref);

      // Then
      assertThat(first.reply()).isInstanceOf(Reply.Unauthorized.class);
      assertThat(second.reply()).isInstanceOf(Reply.NotSent.class);
      assertThat(rig.simulator.journal().calls()).hasSize((int) calls);
      assertThat(calls).isLessThanOrEqualTo(2);
      assertThat(rig.inBook(ref)).isEqualTo(OrdStatus.NEW);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldSayInAProbeThatCredentialsAreWrong(VenueKind kind) throws Exception {
    try (var rig = Rig.startWithWrongCredentials(kind)) {
      // When
      var probe = rig.adapter.probe(Rig.PATIENCE);

      // Then
      assertThat(probe.reachable()).isTrue();
      // A webhook cannot be asked without a command.
      assertThat(probe.credential())
          .isEqualTo(rig.blind() ? Credential.NOT_TRIED : Credential.REFUSED);
      assertThat(probe.ok()).isEqualTo(rig.blind());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CADENZA", "NEURATRADE", "TRADOVATE"})
  void shouldRenewATokenThatTheVenueHasForgotten(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      // Given
      var first = rig.placed();
      var second = rig.placed();
      rig.cancel(first);
      rig.simulator.expireTokens(kind.adapter());

      // When
      rig.cancel(second);

      // Then
      assertThat(List.of(rig.inBook(first), rig.inBook(second)))
          .containsExactly(OrdStatus.CANCELED, OrdStatus.CANCELED);
      assertThat(rig.logins()).isBetween(2L, 3L);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CADENZA", "NEURATRADE", "TRADOVATE"})
  void shouldRenewATokenBeforeItExpires(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      // Given
      var life = InstanceOptions.of("x", kind).tokenLife();
      rig.cancel(rig.placed());
      var replies = new ArrayList<Reply>();

      // When
      for (int i = 0; i < 4; i++) {
        rig.clock.pass(life.multipliedBy(9).dividedBy(10));
        replies.add(rig.cancel(rig.placed()).reply());
      }

      // Then; one that met the renewal under way was sent again with the new token, which may be
      // that of a login where the renewal came too late for the clock's next jump
      assertThat(replies)
          .allSatisfy(
              reply ->
                  assertThat(reply).isInstanceOfAny(Reply.Canceled.class, Reply.Accepted.class));
      assertThat(rig.logins()).isBetween(3L, 9L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldRenewOnceOn401AndStopOnTheSecond(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      // Given
      var once = rig.placed();
      var twice = rig.placed();
      var never = rig.placed();
      rig.simulator.faults().next(kind.adapter(), 1, new Fault.Unauthorized());
      var first = rig.cancel(once);
      if (!rig.logsIn()) {
        assertThat(first.reply()).isInstanceOf(Reply.Unauthorized.class);
        return;
      }
      // The call, a probe, the call with a new token, a probe with that.
      rig.simulator
          .faults()
          .add(
              FaultRule.next(kind.adapter(), 4, new Fault.Unauthorized())
                  .on(CallKind.CANCEL, CallKind.STATUS, CallKind.OTHER));

      // When
      var second = rig.cancel(twice);
      var third = rig.cancel(never);

      // Then
      assertThat(rig.inBook(once)).isEqualTo(OrdStatus.CANCELED);
      assertThat(second.reply()).isInstanceOf(Reply.Unauthorized.class);
      assertThat(third.reply()).isInstanceOf(Reply.NotSent.class);
      assertThat(rig.simulator.journal().calls(never)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CROSSTRADE_WEBHOOK")
  void shouldGoOnWithOthersWhereOneOrderIsRefused(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      // Given
      var bad = rig.placed();
      rig.simulator
          .faults()
          .add(
              FaultRule.next(kind.adapter(), 100, new Fault.Unauthorized())
                  .forOrder(bad.orderId()));

      for (int i = 0; i < 3; i++) {
        // When
        var refused = rig.cancel(bad);
        var good = rig.cancel(rig.placed());

        // Then
        assertThat(refused.reply()).isInstanceOf(Reply.Unauthorized.class);
        assertThat(good.reply()).isInstanceOfAny(Reply.Canceled.class, Reply.Accepted.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CADENZA", "NEURATRADE", "TRADOVATE"})
  void shouldSendNoCancelWithoutAToken(VenueKind kind) throws Exception {
    for (var fault :
        List.of(
            new Fault.Reset(false),
            new Fault.Reset(true),
            new Fault.ServerError(false, 500),
            new Fault.ServerError(true, 503),
            new Fault.TooMany("3"),
            new Fault.Garbled(Garbling.TRUNCATED),
            new Fault.Garbled(Garbling.CUT),
            new Fault.Garbled(Garbling.NOT_JSON),
            new Fault.Garbled(Garbling.EMPTY),
            new Fault.Garbled(Garbling.MISSING_FIELDS),
            new Fault.Garbled(Garbling.HUGE))) {
      try (var rig = Rig.start(kind)) {
        // Given
        var ref = rig.placed();
        var all = FaultRule.next(kind.adapter(), 10, fault).on(CallKind.LOGIN, CallKind.RENEW);
        rig.simulator.faults().add(all);

        // When
        var answer = rig.cancel(ref);
        rig.simulator.faults().clear();
        rig.clock.pass(Duration.ofHours(2));
        rig.cancel(ref);

        // Then
        assertThat(answer.sent()).as("%s", fault).isFalse();
        assertThat(answer.reply())
            .as("%s", fault)
            .isInstanceOfAny(Reply.NotSent.class, Reply.RetryLater.class, Reply.Unauthorized.class);
        assertThat(rig.inBook(ref)).as("%s", fault).isEqualTo(OrdStatus.CANCELED);
      }
    }
  }
}
