package io.countermand.simulator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.options.VenueKind;
import io.countermand.simulator.request.CallKind;
import io.countermand.venues.CallResult;
import io.countermand.venues.Credentials;
import io.countermand.venues.Probe;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.accounts.CheckedAccounts;
import io.countermand.venues.limits.Budget;
import io.countermand.venues.limits.Rate;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cancels held against the accounts that a venue tells, over a real socket. */
@Timeout(120)
class AccountCheckContractTest {

  private static VenueAdapter checked(Rig rig, int burst) {
    return CheckedAccounts.of(
        rig.adapter,
        VenueSettings.of(
            rig.kind.adapter(),
            URI.create("http://127.0.0.1"),
            Credentials.of(Map.of()),
            Map.of(CheckedAccounts.OPTION.key(), "true"),
            rig.clock),
        new Budget(new Rate(1, Duration.ofHours(1), burst), rig.clock));
  }

  private static CallResult cancel(Rig rig, VenueAdapter adapter, CancelRequest request) {
    long before = rig.simulator.journal().calls().size();
    CallResult answer = adapter.cancel(request, Rig.PATIENCE);
    rig.assertTrue(request.cancel().order(), answer, before);
    return answer;
  }

  /** An order under an account, in the book; the request may name it otherwise. */
  private static OrderRef placed(Rig rig, String account) {
    OrderRef ref = new OrderRef(rig.kind.adapter(), account, rig.newRef().orderId());
    rig.simulator.book().place(NewOrder.of(ref.venue(), ref.account(), ref.orderId(), "10"));
    return ref;
  }

  private static String ours(VenueKind kind) {
    return kind == VenueKind.TRADOVATE ? "25" : "Sim101";
  }

  @ParameterizedTest
  @EnumSource(names = {"CROSSTRADE", "CROSSTRADE_WS", "TRADOVATE"})
  void shouldRefuseACancelOfAnotherAccountAndNameThoseThereAre(VenueKind kind) throws Exception {
    String ours = ours(kind);
    try (var rig = Rig.start(kind, options -> options.withAccounts(Set.of(ours, "Other")))) {
      VenueAdapter adapter = checked(rig, 20);
      OrderRef strange = placed(rig, kind == VenueKind.TRADOVATE ? "4711" : "Sim999");
      // When
      CallResult answer = cancel(rig, adapter, Rig.request(strange));
      // Then no cancel was sent, and whoever reads the outcome can mend it
      assertThat(answer.sent()).isFalse();
      assertThat(rig.cancels()).isZero();
      assertThat(answer.reply()).isInstanceOf(Reply.Refused.class);
      assertThat(((Reply.Refused) answer.reply()).reason()).isEqualTo(Reason.ACCOUNT_REFUSED);
      assertThat(answer.reply().told().message())
          .contains("'" + strange.account() + "'", "Other", ours);
      // And its own accounts are cancelled as ever
      assertThat(cancel(rig, adapter, Rig.request(placed(rig, ours))).reply())
          .isInstanceOf(Reply.Accepted.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CROSSTRADE", "CROSSTRADE_WS", "TRADOVATE"})
  void shouldCallForAnAccountThatWasOpenedSinceTheLastList(VenueKind kind) throws Exception {
    Set<String> accounts = ConcurrentHashMap.newKeySet();
    accounts.add(ours(kind));
    try (var rig = Rig.start(kind, options -> options.withAccounts(accounts))) {
      // Given a list that is told at the start, and an account that is opened then
      VenueAdapter adapter = checked(rig, 20);
      assertThat(adapter.probe(Rig.PATIENCE).ok()).isTrue();
      String fresh = kind == VenueKind.TRADOVATE ? "26" : "Sim102";
      accounts.add(fresh);
      OrderRef order = placed(rig, fresh);
      // When it is cancelled at once, before another list may be asked for
      CallResult answer = cancel(rig, adapter, Rig.request(order));
      // Then the old list refuses nothing
      assertThat(answer.reply()).isInstanceOf(Reply.Accepted.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CROSSTRADE", "CROSSTRADE_WS", "TRADOVATE"})
  void shouldRefuseNothingWhereTheVenueDoesNotTell(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind, options -> options.withAccounts(Set.of(ours(kind))))) {
      // Given
      rig.simulator
          .faults()
          .add(
              FaultRule.next(kind.adapter(), Integer.MAX_VALUE, new Fault.ServerError(false, 500))
                  .on(CallKind.OTHER));
      VenueAdapter adapter = checked(rig, 20);
      // When
      var strange = placed(rig, kind == VenueKind.TRADOVATE ? "4711" : "Sim999");
      CallResult answer = cancel(rig, adapter, Rig.request(strange));
      // Then the call is made, and the venue answers for itself
      assertThat(answer.sent()).isTrue();
      assertThat(rig.cancels()).isOne();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CROSSTRADE", "CROSSTRADE_WS", "TRADOVATE"})
  void shouldRefuseNothingWhereTheVenueNamesNoAccount(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      VenueAdapter adapter = checked(rig, 20);

      assertThat(cancel(rig, adapter, Rig.request(rig.placed())).reply())
          .isInstanceOf(Reply.Accepted.class);
    }
  }

  @Test
  void shouldRefuseAnAccountThatIsNamedOtherwiseThanItsOrderEvents() throws Exception {
    VenueKind kind = VenueKind.TRADOVATE;
    try (var rig = Rig.start(kind, options -> options.withAccounts(Set.of("25")))) {
      VenueAdapter adapter = checked(rig, 20);
      OrderRef order = placed(rig, "25");
      OrderRef byName = new OrderRef(order.venue(), "DEMO25", order.orderId());
      // When
      CallResult answer = adapter.cancel(Rig.request(byName), Rig.PATIENCE);
      // Then
      assertThat(rig.cancels()).isZero();
      assertThat(((Reply.Refused) answer.reply()).reason()).isEqualTo(Reason.ACCOUNT_REFUSED);
      assertThat(answer.reply().told().message()).contains("'DEMO25' is '25' in order keys");
      // And who says that it is to be called, is believed
      assertThat(adapter.cancel(overriding(byName), Rig.PATIENCE).reply())
          .isInstanceOf(Reply.Accepted.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CROSSTRADE", "CROSSTRADE_WS"})
  void shouldTakeAnotherCaseForTheSameAccount(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind, options -> options.withAccounts(Set.of("Sim101")))) {
      VenueAdapter adapter = checked(rig, 20);
      OrderRef order = placed(rig, "Sim101");
      var shouted =
          new OrderRef(order.venue(), order.account().toUpperCase(Locale.ROOT), order.orderId());

      assertThat(adapter.cancel(Rig.request(shouted), Rig.PATIENCE).reply())
          .isInstanceOf(Reply.Accepted.class);
    }
  }

  @Test
  void shouldCallWhereAListWouldTakeThePermitOfACancel() throws Exception {
    VenueKind kind = VenueKind.TRADOVATE;
    try (var rig = Rig.start(kind, options -> options.withAccounts(Set.of("25")))) {
      VenueAdapter adapter = checked(rig, 1);
      // Given a budget whose only permit the list took; it comes back, since no call was made
      OrderRef first = placed(rig, "4711");
      assertThat(cancel(rig, adapter, Rig.request(first)).sent()).isFalse();
      VenueAdapter empty = checked(rig, 1);
      assertThat(cancel(rig, empty, Rig.request(placed(rig, "25"))).sent()).isTrue();
      // When nothing is to spare, nothing is asked
      long asked = rig.simulator.journal().count(kind.adapter(), CallKind.OTHER);
      CallResult answer = cancel(rig, empty, Rig.request(placed(rig, "4711")));
      // Then
      assertThat(answer.sent()).isTrue();
      assertThat(rig.simulator.journal().count(kind.adapter(), CallKind.OTHER)).isEqualTo(asked);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CROSSTRADE", "CROSSTRADE_WS", "TRADOVATE"})
  void shouldLearnTheAccountsByTheProbeInOneCall(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind, options -> options.withAccounts(Set.of(ours(kind))))) {
      VenueAdapter adapter = checked(rig, 20);
      // When
      Probe probe = adapter.probe(Rig.PATIENCE);
      // Then the first cancel asks for nothing
      assertThat(probe.ok()).isTrue();
      assertThat(probe.connected()).isTrue();
      assertThat(rig.simulator.journal().count(kind.adapter(), CallKind.OTHER)).isOne();
      cancel(rig, adapter, Rig.request(placed(rig, ours(kind))));
      assertThat(rig.simulator.journal().count(kind.adapter(), CallKind.OTHER)).isOne();
    }
  }

  private static CancelRequest overriding(OrderRef ref) {
    CancelRequest request = Rig.request(ref);
    Cancel c = request.cancel();
    var cancel =
        new Cancel(
            c.cancelId(),
            c.order(),
            null,
            null,
            null,
            true,
            true,
            null,
            c.createdAt(),
            c.deadline(),
            c.receivedAt(),
            c.intent(),
            "");
    return new CancelRequest(cancel, request.kind(), 1, null, request.requestedAt());
  }
}
