package io.countermand.simulator.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.lifecycle.ReplyReader.Rereading;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.simulator.options.Latency;
import io.countermand.simulator.options.VenueKind;
import io.countermand.venues.CallResult;
import io.countermand.venues.Venues;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract suite: what a cancel and a status query mean, for every adapter. */
class CancelContractTest {

  @Test
  void shouldHaveAnAdapterForEverySimulator() {
    assertThat(Venues.providers().keySet())
        .containsAll(Arrays.stream(VenueKind.values()).map(VenueKind::adapter).toList());
  }

  @ParameterizedTest
  @EnumSource
  void shouldCancelAnOpenOrder(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      // Given
      var ref = rig.placed();

      // When
      var answer = rig.cancel(ref);

      // Then
      assertThat(answer.reply())
          .isInstanceOf(rig.confirms() ? Reply.Canceled.class : Reply.Accepted.class);
      assertThat(answer.sent()).isTrue();
      assertThat(rig.inBook(ref)).isEqualTo(OrdStatus.CANCELED);
      assertThat(rig.adapter.capabilities().confirmsInReply()).isEqualTo(rig.confirms());
      assertThat(rig.cancels()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldReadARecordedAnswerAgainAndFindWhatItIsNot(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      // Given
      var filled = rig.placed();
      rig.simulator.book().fill(filled);
      var open = Rig.request(rig.placed());
      var over = Rig.request(filled);
      var wrong = new Reply.UnknownOrder(ReplyDetails.NOTHING);

      // When
      var good = rig.cancel(open, Rig.PATIENCE);
      var late = rig.cancel(over, Rig.PATIENCE);

      // Then
      assertThat(rig.again(open, RequestKind.CANCEL, good.reply(), good))
          .isEqualTo(new Rereading.Same());
      assertThat(rig.again(over, RequestKind.CANCEL, late.reply(), late))
          .isEqualTo(new Rereading.Same());
      assertThat(rig.again(open, RequestKind.CANCEL, wrong, good))
          .isEqualTo(new Rereading.Other(good.reply()));
      assertThat(rig.again(over, RequestKind.CANCEL, wrong, late))
          .isEqualTo(new Rereading.Other(late.reply()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldCancelTheRestOfAPartlyFilledOrder(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      // Given
      var ref = rig.placed();
      rig.simulator.book().fill(ref, new BigDecimal("4"), null);

      // When
      var answer = rig.cancel(ref);

      // Then
      assertThat(rig.inBook(ref)).isEqualTo(OrdStatus.CANCELED);
      var told = answer.reply().told().executedQty();
      assertThat(told == null || told.compareTo(new BigDecimal("4")) == 0).isTrue();
      assertThat(told != null).isEqualTo(kind == VenueKind.CADENZA);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldSayThatAnOrderIsNotOpen(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      // Given
      var filled = rig.placed();
      rig.simulator.book().fill(filled);
      var canceled = rig.placed();
      rig.simulator.book().cancel(canceled);

      // When
      var answers = List.of(rig.cancel(filled), rig.cancel(canceled));

      // Then
      assertThat(answers)
          .extracting(CallResult::reply)
          .allSatisfy(
              reply ->
                  assertThat(reply)
                      .isInstanceOf(
                          switch (kind) {
                            case CROSSTRADE, CROSSTRADE_WS -> Reply.GoneOrUnknown.class;
                            default -> rig.blind() ? Reply.Accepted.class : Reply.NotOpen.class;
                          }));
      assertThat(List.of(rig.inBook(filled), rig.inBook(canceled)))
          .containsExactly(OrdStatus.FILLED, OrdStatus.CANCELED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldNotKnowAnOrderThatNeverWas(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      // When
      var answer = rig.cancel(rig.newRef());

      // Then
      assertThat(answer.reply())
          .isInstanceOf(
              switch (kind) {
                case CROSSTRADE, CROSSTRADE_WS -> Reply.GoneOrUnknown.class;
                case CROSSTRADE_WEBHOOK -> Reply.Accepted.class;
                // A 404 may also say that there is no such endpoint: not taken, either way.
                case TRADOVATE -> Reply.Refused.class;
                default -> Reply.UnknownOrder.class;
              });
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldTellTheStatusOfAnOrder(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      // Given
      var open = rig.placed();
      var partly = rig.placed();
      rig.simulator.book().fill(partly, BigDecimal.ONE, null);
      var filled = rig.placed();
      rig.simulator.book().fill(filled);
      var canceled = rig.placed();
      rig.simulator.book().cancel(canceled);

      // When
      var told = new ArrayList<String>();
      for (var ref : List.of(open, partly, filled, canceled, rig.newRef())) {
        told.add(word(rig.status(ref).reply()));
      }

      // Then
      assertThat(told)
          .containsExactly(
              switch (kind) {
                case CADENZA ->
                    new String[] {"NEW", "PARTIALLY_FILLED", "FILLED", "CANCELED", "UnknownOrder"};
                case CROSSTRADE, CROSSTRADE_WS ->
                    new String[] {"NEW", "PARTIALLY_FILLED", "FILLED", "CANCELED", "GoneOrUnknown"};
                case TRADOVATE -> new String[] {"NEW", "NEW", "FILLED", "CANCELED", "UnknownOrder"};
                case CROSSTRADE_WEBHOOK ->
                    new String[] {
                      "UNSUPPORTED", "UNSUPPORTED", "UNSUPPORTED", "UNSUPPORTED", "UNSUPPORTED"
                    };
                // A position stays open when its order fills: it does not tell more.
                case NEURATRADE ->
                    new String[] {"UNKNOWN", "UNKNOWN", "UNKNOWN", "NotOpen", "Ambiguous"};
              });
      assertThat(rig.cancels()).isZero();
    }
  }

  private static String word(Reply reply) {
    return switch (reply) {
      case Reply.Status(ReplyDetails told) -> String.valueOf(told.ordStatus());
      case Reply.Refused refused when refused.reason() == Reason.UNSUPPORTED -> "UNSUPPORTED";
      default -> reply.getClass().getSimpleName();
    };
  }

  @ParameterizedTest
  @EnumSource(names = {"CROSSTRADE", "CROSSTRADE_WS", "TRADOVATE"})
  void shouldTellACancelThatIsPending(VenueKind kind) throws Exception {
    var later = Latency.fixed(Duration.ofHours(1));
    try (var rig = Rig.start(kind, options -> options.withSettle(later))) {
      // Given
      var ref = rig.placed();

      // When
      var first = rig.cancel(ref);
      var status = rig.status(ref);
      var second = rig.cancel(ref);

      // Then
      assertThat(first.reply()).isInstanceOf(Reply.Accepted.class);
      assertThat(rig.inBook(ref)).isEqualTo(OrdStatus.PENDING_CANCEL);
      assertThat(status.reply().told().ordStatus()).isEqualTo(OrdStatus.PENDING_CANCEL);
      // "AnotherCommandPending" at Tradovate.
      assertThat(second.reply())
          .isInstanceOf(
              kind == VenueKind.TRADOVATE ? Reply.RetryLater.class : Reply.Accepted.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CROSSTRADE", "CROSSTRADE_WS"})
  void shouldRefuseAnAccountThatTheVenueDoesNotKnow(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind, options -> options.withAccounts(Set.of("Sim999")))) {
      // When
      var answer = rig.cancel(rig.placed());

      // Then
      assertThat(((Reply.Refused) answer.reply()).reason()).isEqualTo(Reason.ACCOUNT_REFUSED);
    }
  }

  @Test
  void shouldCatchAnAdapterThatLies() throws Exception {
    try (var rig = Rig.start(VenueKind.CROSSTRADE)) {
      // Given
      var open = rig.placed();
      var canceled = rig.placed();
      rig.cancel(canceled);
      var filled = new ReplyDetails(null, null, OrdStatus.FILLED, "Filled", null, null);

      // Then
      for (var lie : List.of(new Reply.Canceled(ReplyDetails.NOTHING), new Reply.Status(filled))) {
        assertThatThrownBy(() -> rig.assertTrue(open, answer(lie, true), 0))
            .isInstanceOf(AssertionError.class);
      }
      for (var lie :
          List.of(
              new Reply.RetryLater(null, null, ReplyDetails.NOTHING),
              new Reply.Unauthorized(ReplyDetails.NOTHING),
              new Reply.Refused(Reason.OTHER, ReplyDetails.NOTHING),
              new Reply.NotSent(Reason.OTHER, ReplyDetails.NOTHING))) {
        assertThatThrownBy(() -> rig.assertTrue(canceled, answer(lie, true), 0))
            .isInstanceOf(AssertionError.class);
      }
      assertThatThrownBy(
              () ->
                  rig.assertTrue(
                      canceled, answer(new Reply.Ambiguous(ReplyDetails.NOTHING), false), 0))
          .isInstanceOf(AssertionError.class);
    }
  }

  private static CallResult answer(Reply reply, boolean sent) {
    var now = Instant.parse("2026-03-03T12:00:00Z");
    return new CallResult(reply, sent, sent ? now : null, now, null, null);
  }

  @ParameterizedTest
  @EnumSource
  void shouldCancelManyAtOnceWithOneLogin(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // Given
      var refs = new ArrayList<OrderRef>();
      var calls = new ArrayList<Callable<CallResult>>();
      for (int i = 0; i < 50; i++) {
        var ref = rig.placed();
        refs.add(ref);
        calls.add(() -> rig.adapter.cancel(Rig.request(ref), Rig.PATIENCE));
      }

      // When
      for (var answer : threads.invokeAll(calls)) {
        assertThat(answer.get().reply())
            .isInstanceOf(rig.confirms() ? Reply.Canceled.class : Reply.Accepted.class);
      }

      // Then
      assertThat(refs).allSatisfy(ref -> assertThat(rig.inBook(ref)).isEqualTo(OrdStatus.CANCELED));
      assertThat(rig.cancels()).isEqualTo(50);
      assertThat(rig.logins()).isEqualTo(rig.logsIn() ? 1 : 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldProbeWithoutTouchingAnOrder(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      // Given
      var ref = rig.placed();

      // When
      var good = rig.adapter.probe(Rig.PATIENCE);
      rig.simulator.close();
      var gone = rig.adapter.probe(Rig.SHORT);
      while (gone.reachable()) {
        // A WebSocket hears of it a moment later.
        gone = rig.adapter.probe(Rig.SHORT);
      }

      // Then
      assertThat(good.ok()).as("%s", good).isTrue();
      assertThat(rig.cancels()).isZero();
      assertThat(rig.inBook(ref)).isEqualTo(OrdStatus.NEW);
    }
  }
}
