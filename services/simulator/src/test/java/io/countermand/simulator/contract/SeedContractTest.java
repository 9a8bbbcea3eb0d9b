package io.countermand.simulator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countermand.domain.CxlRejReason;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.simulator.Seeds;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.options.VenueKind;
import io.countermand.simulator.request.SimulatorJson;
import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The contract suite: the documents' own examples, as the adapters send and read them. */
class SeedContractTest {

  @Test
  void shouldSendAndReadCrossTradesExamples() throws Exception {
    try (var rig = Rig.start(VenueKind.CROSSTRADE)) {
      // Given
      var ref = place(rig, "Sim101", "ce0a8e5002ea463e856eb6384f5cee7e", "1");

      // When
      var taken = rig.cancel(ref);
      var gone = rig.cancel(ref);

      // Then
      assertThat(sent(rig, ref)).isEqualTo(SimulatorJson.parse("{}"));
      assertThat(last(rig, ref).received().request())
          .isEqualTo(
              "POST /crosstrade/v1/api/accounts/Sim101/orders/ce0a8e5002ea463e856eb6384f5cee7e/cancel");
      assertThat(taken.reply()).isInstanceOf(Reply.Accepted.class);
      assertThat(taken.response()).contains(oneLine(Seeds.block("crosstrade-canceled")));
      assertThat(gone.reply()).isInstanceOf(Reply.GoneOrUnknown.class);
      assertThat(gone.response()).contains(oneLine(Seeds.block("crosstrade-gone")));
    }
  }

  @Test
  void shouldSendCrossTradesExampleOverAWebSocket() throws Exception {
    try (var rig = Rig.start(VenueKind.CROSSTRADE_WS)) {
      // Given
      var ref = place(rig, "Sim101", "492281fc515e431692da57d957cfebb6", "1");

      // When
      rig.cancel(ref);

      // Then
      var sent = (ObjectNode) sent(rig, ref);
      assertThat(sent.set("id", SimulatorJson.parse("\"my-request-id\"")).toString())
          .isEqualTo(SimulatorJson.parse(Seeds.block("crosstrade-ws-request")).toString());
    }
  }

  @Test
  void shouldSendTheWebhooksFieldsWithoutShowingTheKey() throws Exception {
    try (var rig = Rig.start(VenueKind.CROSSTRADE_WEBHOOK)) {
      // Given
      var ref = place(rig, "Sim101", "your-order-ID", "1");

      // When
      var answer = rig.cancel(Rig.request(ref, null, "your-strategy-id", null, null), Rig.PATIENCE);

      // Then
      assertThat(answer.reply()).isInstanceOf(Reply.Accepted.class);
      assertThat(last(rig, ref).received().body().replaceAll("\\s", ""))
          .isEqualTo("key=***;command=CANCEL;order_id=your-order-ID;strategy_id=your-strategy-id;");
    }
  }

  @Test
  void shouldSendAndReadCadenzasExamples() throws Exception {
    try (var rig = Rig.start(VenueKind.CADENZA)) {
      // Given
      var id = "770e8400-e29b-41d4-a716-446655440002";
      var ref = new OrderRef("cadenza", "550e8400-e29b-41d4-a716-446655440000", id);
      rig.simulator.book().place(NewOrder.of("cadenza", ref.account(), id, "0.001"));
      rig.simulator
          .faults()
          .next(
              "cadenza",
              new Fault.Say(false, 400, "application/json", Seeds.block("cadenza-filled")));

      // When
      var filled = rig.adapter.cancel(Rig.request(ref), Rig.PATIENCE);
      rig.simulator
          .faults()
          .next(
              "cadenza",
              new Fault.Say(true, 200, "application/json", Seeds.block("cadenza-canceled")));
      var canceled = rig.cancel(ref);

      // Then
      assertThat(sent(rig, ref))
          .isEqualTo(SimulatorJson.parse("{\"tradeOrderId\":\"" + id + "\"}"));
      assertThat(filled.reply()).isInstanceOf(Reply.NotOpen.class);
      assertThat(filled.reply().told().ordStatus()).isEqualTo(OrdStatus.FILLED);
      assertThat(canceled.reply()).isInstanceOf(Reply.Canceled.class);
      assertThat(canceled.reply().told())
          .extracting(ReplyDetails::rawStatus, ReplyDetails::executedQty, ReplyDetails::venueTime)
          .containsExactly("CANCELLED", BigDecimal.ZERO, Instant.ofEpochMilli(1703052700000L));
    }
  }

  @Test
  void shouldTake200WithoutSuccessForAFailure() throws Exception {
    try (var rig = Rig.start(VenueKind.CADENZA)) {
      // Given
      var ref = rig.placed();
      rig.simulator.book().fill(ref);
      rig.simulator.faults().next("cadenza", Fault.Say.json(200, Seeds.block("cadenza-filled")));

      // When
      var answer = rig.cancel(ref);

      // Then
      assertThat(answer.reply()).isInstanceOf(Reply.NotOpen.class);
    }
  }

  @Test
  void shouldSendAndReadNeuraTradesExamples() throws Exception {
    try (var rig = Rig.start(VenueKind.NEURATRADE)) {
      // Given
      var id = "ord-20260303120000-1";
      var ref = place(rig, "main", id, "0.01");
      rig.cancel(ref);
      rig.simulator
          .faults()
          .next("neuratrade", Fault.Say.json(200, Seeds.block("neuratrade-canceled")));

      // When
      var canceled = rig.cancel(ref);
      var notOpen = rig.cancel(ref);
      rig.simulator
          .faults()
          .next("neuratrade", Fault.Say.json(400, Seeds.block("neuratrade-invalid")));
      var invalid = rig.cancel(ref);

      // Then
      assertThat(sent(rig, ref)).isEqualTo(SimulatorJson.parse("{\"order_id\":\"" + id + "\"}"));
      assertThat(canceled.reply()).isInstanceOf(Reply.Canceled.class);
      assertThat(canceled.reply().told().venueTime()).isEqualTo("2026-03-03T12:05:00Z");
      assertThat(notOpen.reply()).isInstanceOf(Reply.NotOpen.class);
      assertThat(((Reply.Refused) invalid.reply()).reason()).isEqualTo(Reason.INVALID_REQUEST);
    }
  }

  @Test
  void shouldSendAndReadTradovatesExamples() throws Exception {
    try (var rig = Rig.start(VenueKind.TRADOVATE)) {
      // Given
      var ref = place(rig, "25", "1", "1");
      rig.simulator
          .faults()
          .next("tradovate", Fault.Say.json(200, Seeds.block("tradovate-result")));

      // When
      var closed = rig.cancel(ref);

      // Then
      var sent = (ObjectNode) sent(rig, ref);
      assertThat(sent.path("isAutomated").asBoolean()).isTrue();
      assertThat(sent.retain("orderId").toString())
          .isEqualTo(SimulatorJson.parse(Seeds.block("tradovate-request")).toString());
      assertThat(((Reply.Refused) closed.reply()).reason()).isEqualTo(Reason.ACCOUNT_REFUSED);
      assertThat(((Reply.Refused) closed.reply()).cxlRejReason())
          .isEqualTo(CxlRejReason.BROKER_OPTION);
      assertThat(closed.reply().told().code()).isEqualTo("AccountClosed");
    }
  }

  private static OrderRef place(Rig rig, String account, String id, String quantity) {
    var venue = rig.kind.adapter();
    return rig.simulator.book().place(NewOrder.of(venue, account, id, quantity)).ref();
  }

  private static JournalCall last(Rig rig, OrderRef ref) {
    return rig.simulator.journal().calls(ref).getLast();
  }

  private static JsonNode sent(Rig rig, OrderRef ref) {
    return SimulatorJson.parse(last(rig, ref).received().body());
  }

  /** As the evidence in an answer shows it. */
  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ");
  }
}
