package io.countermand.simulator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.options.SimulatedLimits;
import io.countermand.simulator.options.VenueKind;
import io.countermand.venues.CallResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Ids with every character that JSON, URLs and a venue's own syntax give a meaning to, and numbers
 * past a double's: over a real socket an adapter cancels exactly the order that is meant, or sends
 * nothing and says so.
 */
class IdsContractTest {

  private static final String ODD = "\"'\\/%+?&#;=:,.~!*()[]{}<>@$^`| \u00fc\u65e5\ud83d\ude00";

  private static final List<String> WHOLE =
      List.of(
          "..",
          ".",
          "../admin",
          "%2F",
          "%00",
          "a%2Fb",
          "null",
          "true",
          "0",
          "00042",
          "1e3",
          "-1",
          "9007199254740992",
          "9007199254740993",
          "9223372036854775807",
          "9223372036854775808",
          "{\"a\":1}");

  @ParameterizedTest
  @EnumSource
  void shouldCancelTheOrderThatIsMeantOrNone(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind, options -> options.withLimits(SimulatedLimits.NONE))) {
      List<OrderRef> open = new ArrayList<>();
      OrderRef like = rig.newRef();
      for (String id : ids(like.orderId()).toList()) {
        var ref = new OrderRef(like.venue(), like.account(), id);
        rig.simulator.book().place(NewOrder.of(ref.venue(), ref.account(), id, "1"));
        open.add(ref);
      }
      for (OrderRef ref : List.copyOf(open)) {
        // When
        CallResult answer = rig.cancel(ref);
        // Then
        if (answer.sent()) {
          assertThat(rig.simulator.book().find(ref).open()).as("%s %s", ref, answer).isFalse();
          open.remove(ref);
        }
        assertThat(open)
            .as("%s %s", ref, answer)
            .allMatch(other -> rig.simulator.book().find(other).open());
      }
      assertThat(open).as("refused").hasSizeLessThan((int) ids(like.orderId()).count());
    }
  }

  private static Stream<String> ids(String usual) {
    return Stream.concat(
        Stream.concat(Stream.of(usual), WHOLE.stream()),
        ODD.codePoints().mapToObj(c -> "a" + Character.toString(c) + "b"));
  }
}
