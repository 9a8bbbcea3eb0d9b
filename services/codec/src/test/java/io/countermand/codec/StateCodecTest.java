package io.countermand.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Attempt;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Reason;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.RequestKind;
import io.countermand.domain.Requester;
import io.countermand.domain.TraceContext;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.lease.LeaseProof;
import io.countermand.domain.lease.Leases;
import io.countermand.domain.lifecycle.FindingKind;
import io.countermand.domain.lifecycle.JudgedCancel;
import io.countermand.domain.lifecycle.Lifecycle;
import io.countermand.domain.lifecycle.OpenCancel;
import io.countermand.domain.lifecycle.OrderLedger;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.OrderState;
import io.countermand.state.FlightState;
import io.countermand.state.OrderLedgerState;
import io.countermand.state.SettledState;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;

class StateCodecTest {

  private static final Instant T = Instant.parse("2026-03-03T12:00:00.123456Z");
  private static final Evidence AT = new Evidence("cancel-intents", 3, 42);
  private static final OrderState STATE =
      new OrderState(
          OrdStatus.PARTIALLY_FILLED,
          "PartFilled",
          BigDecimal.TEN,
          new BigDecimal("0.25"),
          T,
          7L,
          T,
          AT);
  private static final Cancel CANCEL =
      new Cancel(
          "c1",
          new OrderRef("v", "a/b", "ö 1"),
          "STOP1",
          "s",
          "cl",
          true,
          true,
          new Requester("algo", null, "desk", null, "why"),
          T,
          T.plusSeconds(5),
          T,
          AT,
          "digest");

  @Test
  void shouldKeepAWaitingCallWithTheRecordThatItFollowsFrom() {
    // Given
    var request =
        new CancelRequest(CANCEL, RequestKind.CANCEL, 2, "ticket", T)
            .following(new Evidence("cancel-progress", 3, 9));
    var call = new WaitingCall(request, new Evidence("cancel-retries", 3, 1));
    var alone = new WaitingCall(new CancelRequest(CANCEL, RequestKind.STATUS, 3, null, T), AT);
    // Then
    assertThat(StateCodec.waitingCall(StateCodec.bytes(call))).isEqualTo(call);
    assertThat(StateCodec.waitingCall(StateCodec.bytes(alone))).isEqualTo(alone);
  }

  @Test
  void shouldKeepWhatLeasesLeaveOpen() {
    // Given
    var leases =
        new Leases(
            List.of(
                new Leases.Held(
                    1L << 54,
                    Set.of("v", "w"),
                    10,
                    70,
                    new LeaseProof(
                        5,
                        1L << 40,
                        List.of(new LeaseProof.Span(10, 12), new LeaseProof.Span(14, 14))),
                    true,
                    T),
                new Leases.Held(
                    -1, Set.of(), 0, 9, new LeaseProof(0, -1, List.of()), false, Instant.EPOCH)),
            List.of(
                new Leases.Unreadable(1L << 54, 0, null, 12, 14, T),
                new Leases.Unreadable(0, 1L << 34, "v", 14, 15, T),
                new Leases.Unreadable(-1, 0, null, 0, 1L << 40, Instant.EPOCH)));
    // When
    Leases read = StateCodec.leases(StateCodec.bytes(leases));
    // Then
    assertThat(read).isEqualTo(leases);
    assertThat(StateCodec.leases(StateCodec.bytes(Leases.NONE))).isEqualTo(Leases.NONE);
  }

  @Test
  void shouldKeepWhatTheDeskKnows() {
    // Given
    var flight = new DeskOrder.Flight("c1", "d", 42, T);
    var order =
        new DeskOrder(
            STATE,
            flight,
            List.of(new DeskOrder.Flight("c2", "", -1, T)),
            List.of(new DeskOrder.Refusal(flight, Reason.ORDER_FILLED)),
            List.of(new DeskOrder.Past("c0", "e", T)));
    // When
    DeskOrder read = StateCodec.deskOrder(StateCodec.bytes(order));
    // Then
    assertThat(read).isEqualTo(order);
    assertThat(StateCodec.deskOrder(StateCodec.bytes(DeskOrder.NONE))).isEqualTo(DeskOrder.NONE);
  }

  @Test
  void shouldKeepWhatTheLedgerKnows() {
    // Given
    var attempt =
        new Attempt(
            "a1", 2, RequestKind.STATUS, T, T, T, true, ReplyKind.AMBIGUOUS, "500", "boom", true);
    var open =
        new OpenCancel(
            CANCEL,
            OpenCancel.Phase.RESTING,
            OpenCancel.Belief.UNKNOWN,
            "c0",
            List.of(attempt),
            3,
            2,
            1,
            T,
            T,
            "ticket",
            Reason.RATE_LIMITED,
            "slow down",
            List.of(AT));
    var ledger = new OrderLedger(STATE, List.of(open), T);
    // When
    LedgerPage read = StateCodec.ledgerPage(StateCodec.bytes(new LedgerPage(ledger, Map.of())));
    // Then
    assertThat(read).isEqualTo(new LedgerPage(ledger, Map.of()));
  }

  @Test
  void shouldKeepTracesBesideTheLedgersState() {
    // Given
    var page =
        new LedgerPage(
            new OrderLedger(STATE, List.of(), T),
            Map.of(
                "c1",
                new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", 1, "a=b"),
                "c2",
                new TraceContext("5bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", 0, null)));
    // When
    LedgerPage read = StateCodec.ledgerPage(StateCodec.bytes(page));
    // Then
    assertThat(read).isEqualTo(page);
  }

  @Test
  void shouldKeepAPageWithoutTracesAsItWasBeforeThereWereAny() throws Exception {
    // Given: written with the schema that there was then
    var ledger = new OrderLedger(null, List.of(), T);
    byte[] old = bytes(new OrderLedgerState(null, List.of(), T).toByteBuffer());
    // When
    byte[] now = StateCodec.bytes(new LedgerPage(ledger, Map.of()));
    // Then
    assertThat(now).isEqualTo(old);
    assertThat(StateCodec.ledgerPage(old)).isEqualTo(new LedgerPage(ledger, Map.of()));
  }

  @Test
  void shouldKeepWhatWasSaidOfCancelsThatHaveTheirOutcome() {
    // Given
    var full =
        new JudgedCancel(
            CANCEL,
            CancelResult.PENDING,
            Reason.NOT_CONFIRMED,
            OrdStatus.CANCELED,
            new BigDecimal("2"),
            T,
            List.of("a1"),
            List.of(FindingKind.RESOLVED));
    var bare =
        new JudgedCancel(
            CANCEL, CancelResult.REJECTED, Reason.MALFORMED, null, null, T, List.of(), List.of());
    var trace = new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", 1, "a=b");
    var page =
        new LedgerPage(
            new OrderLedger(STATE, List.of(), List.of(full, bare), T), Map.of("c1", trace));
    // When
    LedgerPage read = StateCodec.ledgerPage(StateCodec.bytes(page));
    // Then
    assertThat(read).isEqualTo(page);
  }

  @Test
  void shouldKeepSettledIdsWhenNothingElseIsLeftOfAnOrder() {
    // Given
    var ids =
        List.of(
            new SettledId("c1", new Lifecycle.Settled("digest", T, 17)),
            new SettledId("c2", new Lifecycle.Settled("other", T, -1)));
    var full = new LedgerPage(new OrderLedger(STATE, List.of(), T), Map.of(), ids);
    var rest = new LedgerPage(OrderLedger.NONE, Map.of(), ids);
    // When
    byte[] fullBytes = StateCodec.bytes(full);
    byte[] restBytes = StateCodec.bytes(rest);
    // Then
    assertThat(StateCodec.ledgerPage(fullBytes)).isEqualTo(full);
    assertThat(StateCodec.onlySettled(fullBytes)).isFalse();
    assertThat(StateCodec.ledgerPage(restBytes)).isEqualTo(rest);
    assertThat(StateCodec.onlySettled(restBytes)).isTrue();
  }

  @Test
  void shouldNotSayTwiceWhatIsSaidOfASettledCancel() {
    // Given
    var judged =
        new JudgedCancel(
            CANCEL,
            CancelResult.PENDING,
            Reason.NOT_CONFIRMED,
            null,
            null,
            T,
            List.of(),
            List.of());
    var older = new SettledId("c0", new Lifecycle.Settled("digest", T, 3));
    var same = new SettledId(CANCEL.cancelId(), new Lifecycle.Settled(CANCEL.digest(), T, 17));
    var ledger = new OrderLedger(STATE, List.of(), List.of(judged), T);
    var page = new LedgerPage(ledger, Map.of(), List.of(older, same));
    // When
    byte[] bytes = StateCodec.bytes(page);
    // Then
    assertThat(StateCodec.ledgerPage(bytes)).isEqualTo(page);
    assertThat(bytes.length - StateCodec.bytes(new LedgerPage(ledger, Map.of())).length)
        .isLessThan(2 * CANCEL.digest().length() + 20);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Test
  void shouldKeepSettledIds() {
    var settled = new Lifecycle.Settled("digest", T, 17);
    assertThat(StateCodec.settled(StateCodec.bytes(settled))).isEqualTo(settled);
  }

  @Test
  void shouldReadThePresentSchemaWithoutAskingForOthers() throws Exception {
    // Given
    var knowsNothing =
        new BinaryMessageDecoder<SettledState>(SpecificData.get(), FlightState.SCHEMA$);
    var settled = new Lifecycle.Settled("digest", Instant.parse("2026-01-05T09:30:00Z"), 0);

    // When
    var read =
        new SingleObjects<>(SettledState.class, knowsNothing).read(StateCodec.bytes(settled));

    // Then
    assertThat(read.getDigest()).isEqualTo("digest");
  }
}
