package io.countermand.simulator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.options.VenueKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract suite: what the venue's documents forbid is refused before it is sent. */
class ValidationContractTest {

  @ParameterizedTest
  @EnumSource
  void shouldRefuseWithoutACall(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      for (var request : invalid(kind)) {
        // When
        var answer = rig.cancel(request, Rig.PATIENCE);

        // Then
        assertThat(answer.reply()).as("%s", request).isInstanceOf(Reply.Refused.class);
        assertThat(rig.adapter.check(request)).isPresent();
      }
      assertThat(rig.simulator.journal().calls()).isEmpty();
    }
  }

  private static List<CancelRequest> invalid(VenueKind kind) {
    var requests = new ArrayList<CancelRequest>();
    var bad =
        switch (kind) {
          case NEURATRADE ->
              List.of("12345", "ord-2026-1", "ord-20260303120000-", "ord-20260303120000-1x", "");
          case TRADOVATE -> List.of("abc", "9223372036854775808", "1.5", "1e3", "");
          case CROSSTRADE_WEBHOOK ->
              List.of("a;command=FLATTEN", "a=b", "a\nb", "a\rb", "STOP1", "ENTRY12", "");
          default -> List.of("");
        };
    for (var id : bad) {
      requests.add(Rig.request(new OrderRef(kind.adapter(), "25", id)));
    }
    if (kind == VenueKind.TRADOVATE) {
      var ref = new OrderRef(kind.adapter(), "25", "1");
      requests.add(Rig.request(ref, null, null, "x".repeat(65), null));
    }
    if (kind == VenueKind.CROSSTRADE_WEBHOOK) {
      var ref = new OrderRef(kind.adapter(), "25", "order-1");
      requests.add(Rig.request(ref, "STOP1", null, null, null));
      requests.add(Rig.request(ref, "STOP1", "a;b", null, null));
    }
    return requests;
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x?y#z", "a/b", "ü %2F +", "a;b", ".", ".."})
  void shouldEncodeWhatWouldChangeAPath(String orderId) throws Exception {
    try (var rig = Rig.start(VenueKind.CROSSTRADE)) {
      // Given
      var ref = new OrderRef("crosstrade", "Sim/1 01", orderId);
      rig.simulator.book().place(NewOrder.of(ref.venue(), ref.account(), ref.orderId(), "1"));

      // When
      var answer = rig.cancel(ref);

      // Then
      if (!(answer.reply() instanceof Reply.Refused)) {
        assertThat(answer.reply()).isInstanceOf(Reply.Accepted.class);
        assertThat(rig.inBook(ref)).isEqualTo(OrdStatus.CANCELED);
      }
    }
  }

  @Test
  void shouldCancelByNameWithStrategy() throws Exception {
    try (var rig = Rig.start(VenueKind.CROSSTRADE_WEBHOOK)) {
      // Given
      var ref = rig.newRef();
      rig.simulator
          .book()
          .place(
              NewOrder.of(ref.venue(), ref.account(), ref.orderId(), "1").named("TARGET2", "s-1"));

      // When
      var answer = rig.cancel(Rig.request(ref, "TARGET2", "s-1", null, null), Rig.PATIENCE);

      // Then
      assertThat(answer.reply()).isInstanceOf(Reply.Accepted.class);
      assertThat(rig.inBook(ref)).isEqualTo(OrdStatus.CANCELED);
    }
  }
}
