package io.countermand.simulator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.fault.Garbling;
import io.countermand.simulator.options.VenueKind;
import io.countermand.venues.CallResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract suite: what goes wrong on the way becomes the right reply, in bounded time. */
class FaultContractTest {

  private static final List<Fault> BLUNT =
      List.of(
          new Fault.Reset(false),
          new Fault.Reset(true),
          new Fault.NoAnswer(false, Duration.ofMinutes(1)),
          new Fault.NoAnswer(true, Duration.ofMinutes(1)),
          new Fault.ServerError(false, 500),
          new Fault.ServerError(true, 500),
          new Fault.ServerError(true, 502),
          new Fault.ServerError(false, 503),
          new Fault.ServerError(true, 504),
          new Fault.Garbled(Garbling.TRUNCATED),
          new Fault.Garbled(Garbling.CUT),
          new Fault.Garbled(Garbling.NOT_JSON),
          new Fault.Garbled(Garbling.HTML),
          new Fault.Garbled(Garbling.EMPTY),
          new Fault.Garbled(Garbling.MISSING_FIELDS),
          new Fault.Garbled(Garbling.HUGE),
          new Fault.Garbled(Garbling.ENDLESS),
          new Fault.Garbled(Garbling.STALLED),
          new Fault.Say(true, 200, "application/json", "[]"),
          new Fault.Say(true, 200, "application/json", "null"),
          new Fault.Say(true, 200, "application/json", "{\"success\":\"yes\"}"),
          new Fault.Say(true, 204, "application/json", ""),
          new Fault.Say(true, 302, "text/html", "moved"),
          new Fault.Say(
              false, 408, "application/json", "{\"success\":false,\"error\":\"timeout\"}"),
          new Fault.Say(false, 418, "text/plain", "teapot"));

  @ParameterizedTest
  @EnumSource
  void shouldBeAmbiguousWhenNobodyCanKnow(VenueKind kind) throws Exception {
    // Several at a time, each with a venue of its own: most of a fault is waiting.
    try (var threads = Executors.newFixedThreadPool(8)) {
      var wrong = new ArrayList<String>();
      for (var each :
          threads.invokeAll(BLUNT.stream().map(fault -> ambiguous(kind, fault)).toList())) {
        each.get().ifPresent(wrong::add);
      }
      assertThat(wrong).isEmpty();
    }
  }

  /** Gives what is wrong with the reply, if it says more than can be known. */
  private static Callable<Optional<String>> ambiguous(VenueKind kind, Fault fault) {
    return () -> {
      try (var rig = Rig.start(kind)) {
        // Given
        rig.cancel(rig.placed());
        var ref = rig.placed();
        rig.simulator.faults().next(kind.adapter(), fault);

        // When
        var answer = rig.cancel(Rig.request(ref), patience(fault, rig));

        hangUp(fault, rig);

        // Then
        var after = rig.placed();
        cancelUntilSent(rig, after);
        assertThat(rig.inBook(after)).as("after %s", fault).isEqualTo(OrdStatus.CANCELED);
        return answer.reply() instanceof Reply.Ambiguous
            ? Optional.empty()
            : Optional.of(fault + " -> " + answer.reply());
      }
    };
  }

  /** Who stalls in a message would do so in ten seconds, and answers pings until then. */
  private static void hangUp(Fault fault, Rig rig) {
    if (rig.kind == VenueKind.CROSSTRADE_WS && fault.equals(new Fault.Garbled(Garbling.STALLED))) {
      rig.simulator.dropSockets(rig.kind.adapter());
    }
  }

  /** A WebSocket that broke connects anew first, and may be found dead by a call without answer. */
  private static Reply cancelUntilSent(Rig rig, OrderRef ref) {
    var patience = rig.kind == VenueKind.CROSSTRADE_WS ? Duration.ofSeconds(5) : Rig.PATIENCE;
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    Reply reply;
    do {
      reply = rig.cancel(Rig.request(ref), patience).reply();
      if (!(reply instanceof Reply.NotSent || reply instanceof Reply.Ambiguous)) {
        return reply;
      }
    } while (System.nanoTime() < end);
    throw new AssertionError("never sent, at last: " + reply);
  }

  private static Duration patience(Fault fault, Rig rig) {
    return switch (fault) {
      case Fault.NoAnswer none -> Rig.SHORT;
      case Fault.Garbled(Garbling how) when how == Garbling.STALLED || how == Garbling.ENDLESS ->
          Rig.SHORT;
      default -> rig.patience();
    };
  }

  @ParameterizedTest
  @EnumSource
  void shouldNotMindWhatChangesNothing(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      var good = rig.confirms() ? Reply.Canceled.class : Reply.Accepted.class;
      var harmless =
          List.of(
              new Fault.Garbled(Garbling.EXTRA_FIELDS),
              new Fault.Garbled(Garbling.WRONG_CONTENT_TYPE),
              new Fault.Delay(Duration.ofMillis(30)),
              new Fault.Twice(),
              new Fault.Overtaken());
      for (var fault : harmless) {
        // Given
        var ref = rig.placed();
        rig.simulator.faults().next(kind.adapter(), fault);

        // When
        var answer = rig.cancel(ref);

        // Then
        assertThat(answer.reply()).as("%s", fault).isInstanceOf(good);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldTellAcceptedFromCanceledWhenAFillIsFaster(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      // Given
      var ref = rig.placed();
      rig.simulator.faults().next(kind.adapter(), new Fault.FilledFirst());

      // When
      var answer = rig.cancel(ref);

      // Then
      assertThat(rig.inBook(ref)).isEqualTo(OrdStatus.FILLED);
      assertThat(answer.reply())
          .isInstanceOf(rig.confirms() ? Reply.NotOpen.class : Reply.Accepted.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldBoundWhatItReadsFromManyHugeAnswers(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // Given
      rig.cancel(rig.placed());
      rig.simulator.faults().next(kind.adapter(), 16, new Fault.Garbled(Garbling.ENDLESS));
      var calls = new ArrayList<Callable<CallResult>>();
      for (int i = 0; i < 16; i++) {
        var request = Rig.request(rig.placed());
        // Time enough for sixteen connections on a busy machine; the bound ends it sooner.
        calls.add(() -> rig.adapter.cancel(request, Rig.PATIENCE));
      }

      // When
      var answers = threads.invokeAll(calls);

      // Then
      for (var answer : answers) {
        var reply = answer.get().reply();
        if (kind == VenueKind.CROSSTRADE_WS && reply instanceof Reply.NotSent) {
          continue; // the one connection had ended already
        }
        assertThat(reply).isInstanceOf(Reply.Ambiguous.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldSayThatNothingLeftWhenNobodyListens(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      // Given
      var url = rig.simulator.venueUrl(kind.adapter());
      rig.simulator.close();
      try (var adapter = rig.adapter(url, Rig.secrets(kind))) {
        // When
        var answer = adapter.cancel(Rig.request(rig.newRef()), Rig.PATIENCE);

        // Then
        assertThat(answer.reply()).isInstanceOf(Reply.NotSent.class);
        assertThat(((Reply.NotSent) answer.reply()).reason()).isEqualTo(Reason.VENUE_UNAVAILABLE);
        assertThat(answer.sent()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldNeverLieUnderRandomFaults(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      // Given
      var faults = new ArrayList<Fault>(BLUNT);
      faults.removeIf(fault -> patience(fault, rig).equals(Rig.SHORT));
      faults.removeIf(fault -> fault.equals(new Fault.Garbled(Garbling.HUGE)));
      faults.add(new Fault.FilledFirst());
      faults.add(new Fault.Twice());
      faults.add(new Fault.Delay(Duration.ofMillis(5)));
      rig.simulator.faults().add(FaultRule.random(kind.adapter(), 0.5, faults));

      // When
      // Over a WebSocket each lost answer costs the patience and each drop a backoff.
      int orders = kind == VenueKind.CROSSTRADE_WS ? 15 : 200;
      for (int i = 0; i < orders; i++) {
        var ref = rig.placed();
        rig.cancel(Rig.request(ref), rig.patience());
        rig.cancel(Rig.request(ref), rig.patience());
        rig.status(ref, rig.patience());
      }

      // Then
      assertThat(rig.cancels()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldGoOnWithAVenueThatWasRestarted(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      // Given
      rig.cancel(rig.placed());
      rig.restart();
      var ref = rig.placed();

      // When
      var reply = cancelUntilSent(rig, ref);

      // Then
      assertThat(reply).isInstanceOf(rig.confirms() ? Reply.Canceled.class : Reply.Accepted.class);
      assertThat(rig.inBook(ref)).isEqualTo(OrdStatus.CANCELED);
    }
  }

  @Test
  void shouldReconnectAWebSocketAfterItIsDropped() throws Exception {
    try (var rig = Rig.start(VenueKind.CROSSTRADE_WS)) {
      for (int i = 0; i < 3; i++) {
        // Given
        rig.simulator.dropSockets("crosstrade-ws");
        var ref = rig.placed();

        // When
        cancelUntilSent(rig, ref);

        // Then
        assertThat(rig.inBook(ref)).isEqualTo(OrdStatus.CANCELED);
      }
    }
  }
}
