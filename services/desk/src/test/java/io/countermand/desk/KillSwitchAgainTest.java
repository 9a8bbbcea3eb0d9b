package io.countermand.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.codec.IntentCodec;
import io.countermand.codec.MassCodec;
import io.countermand.codec.OutcomeCodec;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelResult;
import io.countermand.domain.DecidedBy;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassIntents;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelIntent;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderEvent;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Orders that are open although a kill switch, which is on, has cancelled them once. */
class KillSwitchAgainTest {

  private static final Instant NOW = Instant.now();
  private static final OrderRef ORDER = new OrderRef("v", "a", "1");
  private static final Duration LONG = Duration.ofMinutes(5);

  @TempDir Path state;
  private DeskDriver desk;

  @BeforeEach
  void fire() {
    desk = new DeskDriver(state, new LateRegistry(999, OrderEvent.class), 1, Map.of(), List.of());
    command(
        new MassCancel(
            "k",
            MassScope.of("v", "a"),
            "ops",
            "drill",
            NOW.plus(LONG),
            false,
            false,
            NOW,
            true,
            null));
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @ParameterizedTest
  @CsvSource({
    "REJECTED,QUEUE_FULL", "REJECTED,RATE_LIMITED", "REJECTED,VENUE_UNAVAILABLE",
    "REJECTED,DEADLINE_PASSED", "PENDING,NOT_CONFIRMED", "UNRESOLVED,NO_ANSWER"
  })
  void shouldTryAgainWhatItLeftOpen(CancelResult result, Reason reason) {
    // Given
    event(OrdStatus.NEW, 1);
    CancelIntent first = only(asked());
    // When
    settled(first, result, reason, LONG);
    // Then
    CancelIntent second = only(asked());
    assertThat(second.getCancelId()).startsWith("k~").isNotEqualTo(first.getCancelId());
    assertThat(second.getMassId()).isEqualTo("k");
    assertThat(second.getDeadline()).isAfter(NOW.plus(LONG.minusSeconds(60)));
    // When the second is rejected, too
    settled(second, result, reason, LONG);
    // Then
    assertThat(only(asked()).getCancelId()).isNotIn(first.getCancelId(), second.getCancelId());
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"ORDER_FILLED", "UNKNOWN_ORDER", "VENUE_REFUSED", "UNSUPPORTED", "ACCOUNT_REFUSED"})
  void shouldNotTryAgainWhatTheNextWouldNotDoEither(Reason reason) {
    // Given
    event(OrdStatus.NEW, 1);
    // When
    settled(only(asked()), CancelResult.REJECTED, reason, LONG);
    // Then
    assertThat(asked()).isEmpty();
  }

  @Test
  void shouldGoRoundInNoCircle() {
    // Given
    event(OrdStatus.NEW, 1);
    // When
    settled(only(asked()), CancelResult.REJECTED, Reason.UNAUTHORIZED, Duration.ofSeconds(1));
    // Then
    assertThat(asked()).isEmpty();
  }

  @Test
  void shouldTryNothingAgainOnceItIsReleasedOrTheOrderIsOver() {
    // Given
    event(OrdStatus.NEW, 1);
    CancelIntent first = only(asked());
    // When
    settled(first, CancelResult.CANCELED, Reason.CONFIRMED_BY_VENUE, LONG);
    event(OrdStatus.CANCELED, 2);
    settled(first, CancelResult.REJECTED, Reason.RATE_LIMITED, LONG);
    // Then
    assertThat(asked()).isEmpty();
  }

  @Test
  void shouldCancelTheOrderAlsoWhereSomebodyHasUsedItsCancelId() {
    // Given: a producer that may cancel, and does not want to be stopped
    var itsOwn =
        new Intent(
            MassIntents.cancelId("k", ORDER.key()),
            ORDER,
            null,
            null,
            null,
            NOW.plusMillis(1),
            false,
            false,
            null,
            null,
            Map.of(),
            NOW,
            null);
    CancelIntent its = IntentCodec.toAvro(itsOwn);
    desk.read(Topics.INTENTS, key(), desk.bytes(Topics.INTENTS, its));
    event(OrdStatus.NEW, 1);
    var _ = asked();
    // When
    settled(its, CancelResult.REJECTED, Reason.DEADLINE_PASSED, Duration.ofSeconds(1));
    // Then
    assertThat(only(asked()).getMassId()).isEqualTo("k");
  }

  @Test
  void shouldCancelAnOrderWhoseIdLivesAgain() {
    // Given
    event(OrdStatus.NEW, 1);
    CancelIntent first = only(asked());
    settled(first, CancelResult.CANCELED, Reason.CONFIRMED_BY_VENUE, LONG);
    event(OrdStatus.CANCELED, 2);
    // When: newer by the venue's own time
    event(OrdStatus.NEW, 3);
    // Then
    CancelIntent second = only(asked());
    assertThat(second.getCancelId()).startsWith("k~").isNotEqualTo(first.getCancelId());
    // When it is on the way
    event(OrdStatus.PARTIALLY_FILLED, 4);
    // Then
    assertThat(asked()).isEmpty();
  }

  private void settled(CancelIntent intent, CancelResult result, Reason reason, Duration took) {
    var at = new Evidence(Topics.INTENTS, 0, 1);
    Cancel cancel =
        ((io.countermand.domain.IntentCheck.WellFormed)
                desk.settings
                    .check()
                    .check(IntentCodec.fromAvro(intent), at, NOW.minus(Duration.ofMinutes(9))))
            .cancel();
    var outcome =
        new Outcome(
            cancel,
            result,
            reason,
            "",
            null,
            null,
            null,
            null,
            DecidedBy.VENUE,
            null,
            null,
            null,
            List.of(),
            List.of(),
            cancel.receivedAt().plus(took));
    desk.read(Topics.OUTCOMES, key(), desk.bytes(Topics.OUTCOMES, OutcomeCodec.toAvro(outcome)));
  }

  private static CancelIntent only(List<CancelIntent> asked) {
    assertThat(asked).hasSize(1);
    return asked.getFirst();
  }

  private void command(MassCancel mass) {
    desk.read(
        Topics.MASS_COMMANDS,
        "0".getBytes(StandardCharsets.UTF_8),
        desk.bytes(Topics.MASS_COMMANDS, MassCodec.toAvro(mass)));
  }

  private List<CancelIntent> asked() {
    return desk.written(Topics.INTENTS, CancelIntent.class);
  }

  /**
   * @param second by the venue's clock
   */
  private void event(OrdStatus status, int second) {
    desk.read(
        Topics.ORDER_EVENTS,
        key(),
        desk.bytes(
            Topics.ORDER_EVENTS,
            OrderEvent.newBuilder()
                .setVenue("v")
                .setAccount("a")
                .setOrderId("1")
                .setOrdStatus(status)
                .setVenueTime(NOW.plusSeconds(second))
                .setSource("test")
                .setObservedAt(NOW.plusSeconds(second))
                .build()));
  }

  private static byte[] key() {
    return ORDER.key().getBytes(StandardCharsets.UTF_8);
  }
}
