package io.countermand.domain.lifecycle;

import static io.countermand.domain.Cancels.cancel;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Cancels;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.decision.VenueRules;
import io.countermand.domain.lifecycle.OpenCancel.Phase;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.ReplyDetails;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Cancels that are tried until their deadline, and outcomes that say no more than is known. */
class NeverGivenUpTest {

  private static final long LONG = 300_000;
  private static final Reply UNREACHED =
      new Reply.NotSent(Reason.VENUE_UNAVAILABLE, ReplyDetails.NOTHING);
  private static final Reply GONE =
      new Reply.GoneOrUnknown(ReplyDetails.of("400", "not found or already terminal"));

  private final Cancel c1 = cancel("c1", 1, LONG, false);
  private final Cancel c2 = cancel("c2", 2, 60_000, false);
  private final LedgerDriver ledger = new LedgerDriver(true);
  private final LedgerDriver blind = new LedgerDriver(false);

  /** How late it is when the venue was not reached so many times more. */
  private long unreached(LedgerDriver driver, Cancel cancel, long from, int times) {
    long time = from;
    for (int i = 0; i < times; i++) {
      driver.replied(cancel, "u" + time, UNREACHED, time);
      Instant next = driver.open(cancel.cancelId()).nextAt();
      assertThat(next).isNotNull();
      time = Duration.between(Cancels.T0, next).toMillis();
      driver.timer(cancel.cancelId(), time);
      assertThat(driver.effects()).as("after %d ms", time).hasSize(1);
    }
    return time;
  }

  @Test
  void shouldGoOnMoreSlowlyWhenItsTriesAreUsedUp() { // case A4
    // Given
    blind.routed(c1);
    int most = Cancels.rules(false).of(c1).mostAsks();

    // When
    long quick = unreached(blind, c1, 0, most - 1);
    long slow = unreached(blind, c1, quick, 10);

    // Then
    assertThat(quick).isLessThan(most * 960L);
    assertThat(slow).isEqualTo(quick + 10 * 4800L);
    assertThat(VenueRules.DEFAULT.slowBackoff()).hasSeconds(30);
  }

  @Test
  void shouldCallAgainAfterTheUsualPauseWhereNobodyCanSayWhatARefusalLeavesInDoubt() {
    // Given a call whose answer says nothing, and a venue that cannot be asked
    Reply unclear = new Reply.Ambiguous(ReplyDetails.of("500", "oops"));
    Reply refused = new Reply.Refused(Reason.INVALID_REQUEST, ReplyDetails.of("400", "no"));
    blind.routed(c1).started(c1, "a1", 1).replied(c1, "a1", unclear, 2).timer("c1");
    assertThat(blind.effects()).containsExactly("ask CANCEL c1 #2");
    int tries = 2;

    // When the next ones are refused
    for (long time = 1000; time <= 3000; time += 1000) {
      blind.started(c1, "r" + time, time).replied(c1, "r" + time, refused, time);

      // Then
      Duration pause = Cancels.rules(false).of(c1).backoff("c1", tries++);
      assertThat(pause).isGreaterThanOrEqualTo(Duration.ofMillis(80));
      assertThat(blind.open("c1").nextAt()).isEqualTo(Cancels.T0.plusMillis(time).plus(pause));
      assertThat(blind.effects()).isEmpty();
      blind.timer("c1");
      assertThat(blind.effects()).as("after %d ms", time).hasSize(1);
    }
  }

  @Test
  void shouldAskAgainAlsoAfterManyTriesThatNobodyAnswered() {
    // Given
    blind.routed(c1);
    for (int i = 0; i < 30; i++) {
      blind.started(c1, "a" + i, i * 10_000L).timer("c1", i * 10_000L + 1000);
      blind.effects();
      if (blind.open("c1").phase() == Phase.RESTING) { // slower by now
        blind.timer("c1");
      }
    }

    // Then
    assertThat(blind.open("c1").asks()).isEqualTo(31);
  }

  @Test
  void shouldTryAgainAtOnceWhenAnotherJoinsACancelThatReachesNobody() { // case A4b
    // Given
    blind.routed(c1).replied(c1, "u1", UNREACHED, 1);

    // When
    blind.joined(c2, "c1").joined(cancel("c3", 3, 5000, false), "c1");

    // Then
    assertThat(blind.effects()).containsExactly("ask CANCEL c1 #2");
    blind.started(c1, "a2", 5).replied(c1, "a2", new Reply.Canceled(ReplyDetails.NOTHING), 6);
    assertThat(blind.effects())
        .containsExactly(
            "tell CANCELED",
            "settle c1 CANCELED CONFIRMED_BY_VENUE",
            "settle c2 CANCELED CONFIRMED_BY_VENUE joined c1",
            "settle c3 CANCELED CONFIRMED_BY_VENUE joined c1");
  }

  @Test
  void shouldTryAgainAtOnceThoughNothingIsHeardOfARequestThatAnotherCallStoodFor() {
    // Given a request that the desk has dropped, since the first attempt waited there still
    blind.routed(c1).started(c1, "a1", 1).timer("c1");
    assertThat(blind.effects()).containsExactly("ask CANCEL c1 #2");
    blind.replied(c1, "a1", UNREACHED, 1500);

    // When
    blind.intent(c2).desk(c2, new DeskDecision.Join("c1", null), 1510);

    // Then
    assertThat(blind.effects()).containsExactly("ask CANCEL c1 #3");
  }

  @Test
  void shouldSendItselfWhatWouldWaitForACancelThatCallsNoMore() {
    // Given
    Cancel brief = cancel("c3", 3, 5000, false);
    Cancel next = cancel("c4", 4, 6500, false);
    Cancel last = cancel("c5", 5, 6500, false);
    blind.routed(brief).started(brief, "a1", 4000);
    blind.replied(brief, "a1", new Reply.Ambiguous(ReplyDetails.of("500", "oops")), 4990).effects();

    // When
    blind.intent(next).desk(next, new DeskDecision.Join("c3", null), 5600);
    blind.intent(last).desk(last, new DeskDecision.Join("c3", null), 5601);

    // Then
    assertThat(blind.effects()).containsExactly("ask CANCEL c4 #2");
    assertThat(blind.open("c4").belief()).isEqualTo(OpenCancel.Belief.UNKNOWN);
    assertThat(blind.open("c3").phase()).isEqualTo(Phase.RESTING);
    assertThat(blind.open("c5").leader()).isEqualTo("c4");
  }

  @Test
  void shouldNotCallAgainForACancelThatGaveTheLeadAway() {
    // Given a desk whose clock is ahead of the ledger's: the deadline has passed there only
    Cancel brief = cancel("c3", 3, 5000, false);
    Cancel next = cancel("c4", 4, 60_000, false);
    blind.routed(brief).started(brief, "a1", 4000).replied(brief, "a1", UNREACHED, 4001);
    Instant due = blind.open("c3").nextAt();
    assertThat(due).isNotNull().isBefore(Cancels.T0.plusMillis(5000));
    blind.intent(next).desk(next, new DeskDecision.Join("c3", null), 5001);
    assertThat(blind.effects()).containsExactly("ask CANCEL c4 #2");

    // When
    blind.timer("c3", Duration.between(Cancels.T0, due).toMillis());

    // Then
    assertThat(blind.effects()).isEmpty();
  }

  @Test
  void shouldWaitForACancelThatCallsNoMoreWhileItsCallMayGoOn() {
    // Given
    Cancel brief = cancel("c3", 3, 5000, false);
    Cancel next = cancel("c4", 4, 6500, false);
    blind.routed(brief).started(brief, "a1", 4001).timer("c3", 5500).effects();

    // When
    blind.intent(next).desk(next, new DeskDecision.Join("c3", null), 5600);

    // Then
    assertThat(blind.effects()).isEmpty();
    assertThat(blind.open("c4").leader()).isEqualTo("c3");
  }

  @Test
  void shouldTakeAReplyThatIsWrittenTwiceForOne() {
    // Given
    blind.routed(c1).started(c1, "a1", 1).replied(c1, "a1", UNREACHED, 2).timer("c1").effects();

    // When
    blind.replied(c1, "a1", UNREACHED, 2);

    // Then
    assertThat(blind.open("c1").phase()).isEqualTo(Phase.ASKED);
  }

  @Test
  void shouldNotTakeTheLeadOfACancelWhoseCallIsUnderWay() {
    // When
    blind.routed(c1).started(c1, "a1", 1).joined(c2, "c1");

    // Then
    assertThat(blind.effects()).isEmpty();
  }

  @Test
  void shouldLetOverrideWaitForNobody() {
    // Given
    Cancel urgent = cancel("c3", 3, 60_000, true);
    blind.routed(c1).started(c1, "a1", 1);

    // When
    blind.joined(urgent, "c1");

    // Then
    assertThat(blind.effects()).containsExactly("ask CANCEL c3 #1");
    assertThat(blind.open("c3").phase()).isEqualTo(Phase.ASKED);
  }

  @Test
  void shouldSayThatNoAnswerCameWhenTheVenueWasSilent() { // case A14
    // Given
    Reply timeOut = new Reply.Ambiguous(ReplyDetails.of(null, "no answer within 5 s"));
    blind.routed(c1);
    for (int i = 0; i < 70; i++) {
      blind.started(c1, "a" + i, i * 4000L).replied(c1, "a" + i, timeOut, i * 4000L + 900);
    }

    // When
    blind.timer("c1", LONG + Cancels.GRACE);

    // Then
    assertThat(blind.last.reason()).isEqualTo(Reason.NO_ANSWER);
  }

  @Test
  void shouldSayThatAnswersCameWhenTheyDid() {
    // Given
    Reply unclear = new Reply.Ambiguous(ReplyDetails.of("500", "oops"));
    blind.routed(c1).started(c1, "a1", 1).replied(c1, "a1", unclear, 2);

    // When
    blind.timer("c1", LONG + Cancels.GRACE);

    // Then
    assertThat(blind.last.reason()).isEqualTo(Reason.UNCLEAR_ANSWER);
  }

  @Test
  void shouldAskForTheStatusOfAnOrderThatIsGoneOrUnknown() { // case A11
    // Given
    working(ledger).started(c1, "a1", 1).replied(c1, "a1", GONE, 2);
    assertThat(ledger.effects()).containsExactly("ask STATUS c1 #2");

    // When
    var filled = new ReplyDetails("200", null, OrdStatus.FILLED, "Filled", BigDecimal.TEN, null);
    ledger.asked(c1, "a2", 3).replied(c1, "a2", RequestKind.STATUS, new Reply.Status(filled), 4);

    // Then
    assertThat(ledger.effects()).containsExactly("tell FILLED", "settle c1 REJECTED ORDER_FILLED");
    assertThat(ledger.last.executedQty()).isEqualByComparingTo("10");
  }

  @Test
  void shouldSayThatNobodyKnowsWhichWhereTheVenueCannotBeAsked() { // case A11
    // When
    working(blind).started(c1, "a1", 1).replied(c1, "a1", GONE, 2);

    // Then
    assertThat(blind.effects()).containsExactly("settle c1 REJECTED ORDER_NOT_OPEN");
    assertNothingClaimed(blind.last);
    assertThat(blind.last.text()).contains("nobody knows which", "not found or already terminal");
  }

  @Test
  void shouldSayThatNobodyKnowsWhichWhenTheStatusSaysNeither() {
    // When
    working(ledger).started(c1, "a1", 1).replied(c1, "a1", GONE, 2).effects();
    ledger.asked(c1, "a2", 3).replied(c1, "a2", RequestKind.STATUS, GONE, 4);

    // Then
    assertThat(ledger.effects()).containsExactly("settle c1 REJECTED ORDER_NOT_OPEN");
    assertNothingClaimed(ledger.last);
  }

  @Test
  void shouldAskAgainAfterAPauseWhenTheStatusIsNotAnsweredAndThenSayThatNobodyKnows() {
    // Given
    working(ledger).started(c1, "a1", 1).replied(c1, "a1", GONE, 2).effects();

    // When
    ledger.replied(c1, "a2", RequestKind.STATUS, UNREACHED, 4);
    assertThat(ledger.effects()).isEmpty();
    ledger.timer("c1");
    assertThat(ledger.effects()).containsExactly("ask STATUS c1 #3");
    ledger.replied(c1, "a3", RequestKind.STATUS, UNREACHED, 900);

    // Then
    assertThat(ledger.effects()).containsExactly("settle c1 REJECTED ORDER_NOT_OPEN");
    assertNothingClaimed(ledger.last);
  }

  @Test
  void shouldCancelAgainWhenTheStatusSaysThatItIsOpenAfterAll() {
    // Given
    working(ledger).started(c1, "a1", 1).replied(c1, "a1", GONE, 2).effects();
    Reply open = new Reply.Status(ReplyDetails.NOTHING.withStatus(OrdStatus.NEW, "Working"));

    // When
    ledger.asked(c1, "a2", 3).replied(c1, "a2", RequestKind.STATUS, open, 4).timer("c1");

    // Then
    assertThat(ledger.effects()).containsExactly("ask CANCEL c1 #3");
  }

  @Test
  void shouldNotClaimThatAnOrderThatIsNotOpenIsWorking() {
    // When
    working(ledger).started(c1, "a1", 1);
    ledger.replied(c1, "a1", new Reply.NotOpen(ReplyDetails.of("409", "order is not open")), 2);

    // Then
    assertThat(ledger.effects()).containsExactly("settle c1 REJECTED ORDER_NOT_OPEN");
    assertNothingClaimed(ledger.last);
  }

  /** The last that was heard of the order: it works, nothing executed. */
  private LedgerDriver working(LedgerDriver driver) {
    OrderEvent event = Cancels.event(OrdStatus.NEW, null, null, "0", false);
    return driver
        .routed(c1)
        .feed(new LedgerEvent.OrderSeen(event, new Evidence("order-events", 0, 1), Cancels.T0));
  }

  private static void assertNothingClaimed(Outcome outcome) {
    assertThat(outcome.ordStatus()).isNull();
    assertThat(outcome.rawStatus()).isNull();
    assertThat(outcome.executedQty()).isNull();
    assertThat(outcome.result()).isEqualTo(CancelResult.REJECTED);
  }
}
