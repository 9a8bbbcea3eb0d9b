package io.countermand.simulator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.simulator.options.VenueKind;
import io.countermand.venues.AccountList;
import io.countermand.venues.VenueAccount;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The lists of accounts that venues have, asked over a real socket. */
@Timeout(120)
class AccountsContractTest {

  @ParameterizedTest
  @EnumSource(names = {"CROSSTRADE", "CROSSTRADE_WS", "TRADOVATE"})
  void shouldTellEveryAccountOfTheCredential(VenueKind kind) throws Exception {
    // Given one that is placed with, and one that has a name only
    String account = kind == VenueKind.TRADOVATE ? "25" : "Sim101";
    try (var rig = Rig.start(kind, options -> options.withAccounts(Set.of(account, "Other")))) {
      // When
      AccountList list = rig.adapter.accounts(Rig.PATIENCE);
      // Then each of them is told, by number and name where the venue has both
      assertThat(list.proves()).as("%s", list).isTrue();
      assertThat(list.accounts()).hasSize(2);
      assertThat(list.accounts()).filteredOn(each -> each.isCalled(account)).hasSize(1);
      assertThat(list.accounts()).filteredOn(each -> each.isCalled("other")).hasSize(1);
      if (kind == VenueKind.TRADOVATE) {
        assertThat(list.accounts())
            .contains(VenueAccount.of("DEMO25", "25").keyedAs("25"))
            .allSatisfy(each -> assertThat(each.others().getFirst()).matches("[0-9]+"));
      }
      // And whoever asks cancels as well, over the same connection
      assertThat(rig.adapter.capabilities().tellsAccounts()).isTrue();
      assertThat(rig.cancel(rig.placed()).reply()).isInstanceOf(Reply.Accepted.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CROSSTRADE", "CROSSTRADE_WS"})
  void shouldMeanOneAccountHoweverItsNameIsWritten(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind, options -> options.withAccounts(Set.of("Sim101")))) {
      var placed = rig.placed();
      var shouted =
          new io.countermand.domain.order.OrderRef(
              placed.venue(),
              placed.account().toUpperCase(java.util.Locale.ROOT),
              placed.orderId());

      assertThat(rig.cancel(shouted).reply()).isInstanceOf(Reply.Accepted.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CROSSTRADE_WEBHOOK", "CADENZA", "NEURATRADE"})
  void shouldSayThatThereIsNoListWithoutACall(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      AccountList list = rig.adapter.accounts(Rig.PATIENCE);

      assertThat(rig.adapter.capabilities().tellsAccounts()).isFalse();
      assertThat(((Reply.Refused) list.reply()).reason()).isEqualTo(Reason.UNSUPPORTED);
      assertThat(list.proves()).isFalse();
      assertThat(rig.logins()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CROSSTRADE", "CROSSTRADE_WS", "TRADOVATE"})
  void shouldProveNothingWhereTheVenueNamesNone(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      AccountList list = rig.adapter.accounts(Rig.PATIENCE);

      assertThat(list.told()).isTrue();
      assertThat(list.proves()).isFalse();
    }
  }
}
