package io.countermand.domain;

import io.countermand.domain.order.OrderRef;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A position in a distributed trace, as <a href="https://www.w3.org/TR/trace-context/">W3C Trace
 * Context</a> has it. Each hop has a span of its own, derived from facts, so that a repeat after a
 * crash and a replay find the same. A cancelId is unique per order only, so the order is one of
 * them. Never an input to a decision.
 *
 * @param traceId 32 lower-case hex digits, not all zero
 * @param spanId 16 lower-case hex digits, not all zero; the header's parent-id
 * @param flags 1: sampled, 2: random trace id; others are not handed on
 * @param state the header tracestate, unchanged; null: none, or none that is sane
 */
public record TraceContext(String traceId, String spanId, int flags, @Nullable String state) {

  private static final int SAMPLED = 1;
  private static final int KNOWN_FLAGS = 3;
  private static final int LENGTH = 55;
  private static final int LONGEST_STATE = 512;

  /** Null where there is no header, or none that the W3C's rules take; never throws. */
  public static @Nullable TraceContext parse(
      @Nullable String traceparent, @Nullable String tracestate) {
    if (traceparent == null
        || !fits(traceparent)
        || zero(traceparent, 3, 35)
        || zero(traceparent, 36, 52)) {
      return null;
    }
    return new TraceContext(
        traceparent.substring(3, 35),
        traceparent.substring(36, 52),
        HexFormat.fromHexDigits(traceparent, 53, 55) & KNOWN_FLAGS,
        tracestate != null && sane(tracestate) ? tracestate : null);
  }

  /** {@code version-traceid-parentid-flags}; a later version may go on after another dash. */
  private static boolean fits(String text) {
    if (text.length() < LENGTH || (text.length() > LENGTH && text.charAt(LENGTH) != '-')) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      char c = text.charAt(i);
      boolean dash = i == 2 || i == 35 || i == 52;
      boolean hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
      if (dash ? c != '-' : !hex) {
        return false;
      }
    }
    return !text.startsWith("ff") && (text.length() == LENGTH || !text.startsWith("00"));
  }

  private static boolean zero(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) != '0') {
        return false;
      }
    }
    return true;
  }

  private static boolean sane(String state) {
    return state.length() <= LONGEST_STATE
        && state.indexOf('=') > 0
        && state.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
  }

  /** The header's value. */
  public String traceparent() {
    return "00-" + traceId + "-" + spanId + "-0" + flags;
  }

  /** Whether the caller may have kept its own span. */
  public boolean sampled() {
    return (flags & SAMPLED) != 0;
  }

  /** The desk's decision on this intent record. */
  public TraceContext atDesk(Cancel cancel) {
    return hop(
        "desk",
        cancel.order().key(),
        cancel.cancelId(),
        cancel.intent().partition() + "@" + cancel.intent().offset());
  }

  /** One call to the venue. */
  public TraceContext atAttempt(String attemptId) {
    return hop("attempt", attemptId);
  }

  /** The ledger's request for a later attempt. */
  public TraceContext atRetry(Cancel cancel, int attemptNo) {
    return hop("retry", cancel.order().key(), cancel.cancelId(), Integer.toString(attemptNo));
  }

  /** The time that a call waits, from the request for it until its permits are taken. */
  public TraceContext atWait(CancelRequest request) {
    return hop(
        "wait",
        request.cancel().order().key(),
        request.cancel().cancelId(),
        request.kind() + "@" + request.attemptNo());
  }

  /** The ledger's outcome. */
  public TraceContext atOutcome(Cancel cancel) {
    return atOutcome(cancel.order(), cancel.cancelId());
  }

  /** The ledger's outcome of this cancel of the trace. */
  public TraceContext atOutcome(OrderRef order, String cancelId) {
    return hop("outcome", order.key(), cancelId);
  }

  /** The ledger's command to the desks, which give each order in a mass cancel's scope its own. */
  public TraceContext atMass(String massId) {
    return hop("mass", massId);
  }

  /** None of the facts has a NUL, and of one name there are always as many. */
  private TraceContext hop(String name, String... facts) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      String all = traceId + '\0' + name + '\0' + String.join("\0", facts);
      byte[] hash = sha.digest(all.getBytes(StandardCharsets.UTF_8));
      hash[7] |= 1; // never all zero
      return new TraceContext(traceId, HexFormat.of().formatHex(hash, 0, 8), flags, state);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
