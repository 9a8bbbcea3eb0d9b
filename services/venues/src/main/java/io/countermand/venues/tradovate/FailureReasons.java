package io.countermand.venues.tradovate;

import static io.countermand.domain.CxlRejReason.ALREADY_PENDING;
import static io.countermand.domain.CxlRejReason.BROKER_OPTION;
import static io.countermand.domain.CxlRejReason.OTHER;
import static io.countermand.domain.CxlRejReason.TOO_LATE_TO_CANCEL;
import static io.countermand.domain.Reason.ACCOUNT_REFUSED;
import static io.countermand.domain.Reason.INVALID_REQUEST;
import static io.countermand.domain.Reason.NOT_CONFIRMED;
import static io.countermand.domain.Reason.ORDER_NOT_OPEN;
import static io.countermand.domain.Reason.UNAUTHORIZED;
import static io.countermand.domain.Reason.UNCLEAR_ANSWER;
import static io.countermand.domain.Reason.UNSUPPORTED;
import static io.countermand.domain.Reason.VENUE_REFUSED;
import static io.countermand.domain.Reason.VENUE_UNAVAILABLE;
import static io.countermand.domain.ReplyKind.ACCEPTED;
import static io.countermand.domain.ReplyKind.AMBIGUOUS;
import static io.countermand.domain.ReplyKind.NOT_OPEN;
import static io.countermand.domain.ReplyKind.REFUSED;
import static io.countermand.domain.ReplyKind.RETRY_LATER;

import io.countermand.domain.CxlRejReason;
import io.countermand.domain.Reason;
import io.countermand.domain.ReplyKind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code CommandResult.failureReason} of {@code order/cancelorder} (all 33 of the API today). What
 * is not here is Ambiguous.
 */
final class FailureReasons {

  /**
   * What a failure reason means for a cancel.
   *
   * @param reason of the outcome, should this reply decide it
   */
  record Meaning(ReplyKind kind, Reason reason, CxlRejReason cxlRejReason) {}

  static final Map<String, Meaning> TABLE =
      Map.ofEntries(
          // Taken for execution; the order feed or a look-up says when it is cancelled.
          row("Success", ACCEPTED, NOT_CONFIRMED, OTHER),
          // The one reason that is about the order's own state.
          row("TooLate", NOT_OPEN, ORDER_NOT_OPEN, TOO_LATE_TO_CANCEL),
          // Another command on this order is under way: certainly not this one.
          row("AnotherCommandPending", RETRY_LATER, VENUE_UNAVAILABLE, ALREADY_PENDING),
          // The command found no way out to the exchange.
          row("ExecutionProviderUnavailable", RETRY_LATER, VENUE_UNAVAILABLE, OTHER),
          // Nobody says what happened, or a time-out inside the venue does: no failure, no success.
          row("RiskCheckTimeout", AMBIGUOUS, UNCLEAR_ANSWER, OTHER),
          row("OtherExecutionRelated", AMBIGUOUS, UNCLEAR_ANSWER, OTHER),
          row("UnknownReason", AMBIGUOUS, UNCLEAR_ANSWER, OTHER),
          // About this user and account, not about the token: other accounts go on.
          row("Unauthorized", REFUSED, UNAUTHORIZED, BROKER_OPTION),
          row("AccountClosed", REFUSED, ACCOUNT_REFUSED, BROKER_OPTION),
          row("TradingLocked", REFUSED, ACCOUNT_REFUSED, BROKER_OPTION),
          row("LiquidationOnly", REFUSED, ACCOUNT_REFUSED, BROKER_OPTION),
          row("MultipleAccountPlanRequired", REFUSED, ACCOUNT_REFUSED, BROKER_OPTION),
          row("KeyInformationDocumentRequired", REFUSED, ACCOUNT_REFUSED, BROKER_OPTION),
          row("SSFNFAComplianceRequired", REFUSED, ACCOUNT_REFUSED, BROKER_OPTION),
          row("SSFNFAComplianceRequiredJointOnly", REFUSED, ACCOUNT_REFUSED, BROKER_OPTION),
          row("SSFRiskDisclosureAcknowledgmentRequired", REFUSED, ACCOUNT_REFUSED, BROKER_OPTION),
          row("MaxOrderQtyIsNotSpecified", REFUSED, ACCOUNT_REFUSED, BROKER_OPTION),
          row("MaxPosLimitMisconfigured", REFUSED, ACCOUNT_REFUSED, BROKER_OPTION),
          // The request itself.
          row("InvalidContract", REFUSED, INVALID_REQUEST, OTHER),
          row("InvalidPrice", REFUSED, INVALID_REQUEST, OTHER),
          row("Unsupported", REFUSED, UNSUPPORTED, BROKER_OPTION),
          row("AdvancedTrailingStopUnsupported", REFUSED, UNSUPPORTED, BROKER_OPTION),
          row("TrailingStopNonOrderQtyModify", REFUSED, UNSUPPORTED, BROKER_OPTION),
          // The venue's rules. Most are about placing and odd for a cancel, but a refusal all the
          // same.
          row("BackMonthProhibited", REFUSED, VENUE_REFUSED, BROKER_OPTION),
          row("ExecutionProviderNotConfigured", REFUSED, VENUE_REFUSED, BROKER_OPTION),
          row("LiquidationOnlyBeforeExpiration", REFUSED, VENUE_REFUSED, BROKER_OPTION),
          row("MaxOrderQtyLimitReached", REFUSED, VENUE_REFUSED, BROKER_OPTION),
          row("MaxPosLimitReached", REFUSED, VENUE_REFUSED, BROKER_OPTION),
          row("MaxTotalPosLimitReached", REFUSED, VENUE_REFUSED, BROKER_OPTION),
          row("NoQuote", REFUSED, VENUE_REFUSED, BROKER_OPTION),
          row("NotEnoughLiquidity", REFUSED, VENUE_REFUSED, BROKER_OPTION),
          row("ParentRejected", REFUSED, VENUE_REFUSED, BROKER_OPTION),
          row("SessionClosed", REFUSED, VENUE_REFUSED, BROKER_OPTION));

  private FailureReasons() {}

  static @Nullable Meaning of(String failureReason) {
    return TABLE.get(failureReason);
  }

  private static Map.Entry<String, Meaning> row(
      String name, ReplyKind kind, Reason reason, CxlRejReason cxlRejReason) {
    return Map.entry(name, new Meaning(kind, reason, cxlRejReason));
  }
}
