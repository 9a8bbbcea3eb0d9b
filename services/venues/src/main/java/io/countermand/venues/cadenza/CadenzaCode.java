package io.countermand.venues.cadenza;

import static io.countermand.domain.ReplyKind.AMBIGUOUS;
import static io.countermand.domain.ReplyKind.NOT_OPEN;
import static io.countermand.domain.ReplyKind.REFUSED;
import static io.countermand.domain.ReplyKind.RETRY_LATER;
import static io.countermand.domain.ReplyKind.UNAUTHORIZED;
import static io.countermand.domain.ReplyKind.UNKNOWN_ORDER;

import io.countermand.domain.CxlRejReason;
import io.countermand.domain.Reason;
import io.countermand.domain.ReplyKind;
import org.jspecify.annotations.Nullable;

/**
 * Every error number of Cadenza that is known, and what it says of a cancel. The number is the same
 * with and without its minus sign ("HTTP API returns negative codes, WebSocket positive ones").
 * {@code reason} and {@code cxlRejReason} matter for a rejection only. Numbers not here are
 * Ambiguous.
 */
enum CadenzaCode {
  NOT_CANCELLABLE(111001, 400, NOT_OPEN, null), // "already filled and cannot be cancelled"

  // 18xxx: between Cadenza and the exchange. What broke there may have broken after the effect.
  CONNECTOR_UNKNOWN(18000, 500, AMBIGUOUS, null),
  ORDER_TYPE_UNSUPPORTED(18001, 400, REFUSED, Reason.UNSUPPORTED),
  ORDER_SIDE_UNSUPPORTED(18002, 400, REFUSED, Reason.UNSUPPORTED),
  TIME_IN_FORCE_UNSUPPORTED(18003, 400, REFUSED, Reason.UNSUPPORTED),
  EXCHANGE_ERROR(18004, 502, AMBIGUOUS, null),
  EXCHANGE_AUTHENTICATION(18005, 401, REFUSED, Reason.ACCOUNT_REFUSED), // that account's key there
  INSUFFICIENT_FUNDS(18006, 400, REFUSED, Reason.VENUE_REFUSED),
  INVALID_ORDER(18007, 400, REFUSED, Reason.INVALID_REQUEST),
  CONNECTOR_BAD_REQUEST(18008, 400, REFUSED, Reason.INVALID_REQUEST),
  NETWORK_ERROR(18009, 502, AMBIGUOUS, null),
  DDOS_PROTECTION(18010, 503, AMBIGUOUS, null),
  RATE_LIMIT(18011, 429, RETRY_LATER, Reason.RATE_LIMITED),
  EXCHANGE_NOT_AVAILABLE(18012, 503, AMBIGUOUS, null), // perhaps since a moment ago
  MAINTENANCE(18013, 503, AMBIGUOUS, null),
  EXCHANGE_TIMEOUT(18015, 504, AMBIGUOUS, null),
  NOT_SUPPORTED(18016, 501, REFUSED, Reason.UNSUPPORTED),
  SYMBOL_NOT_FOUND(18017, 404, REFUSED, Reason.INVALID_REQUEST),
  EXCHANGE_ORDER_NOT_FOUND(18018, 404, UNKNOWN_ORDER, Reason.UNKNOWN_ORDER),
  POSITION_NOT_FOUND(18019, 404, REFUSED, Reason.VENUE_REFUSED),
  BALANCE_NOT_FOUND(18020, 404, REFUSED, Reason.VENUE_REFUSED),
  EXCHANGE_KEY_INVALID(18022, 401, REFUSED, Reason.ACCOUNT_REFUSED), // not our token: 18005
  ORDER_REJECTED(18025, 400, REFUSED, Reason.VENUE_REFUSED),

  // 19xxx: Cadenza's web layer, before any order was looked at, but for what it cannot explain.
  WEB_ERROR(19000, 500, AMBIGUOUS, null),
  BAD_REQUEST(19001, 400, REFUSED, Reason.INVALID_REQUEST),
  UNAUTHORIZED_CALL(19002, 401, UNAUTHORIZED, Reason.UNAUTHORIZED),
  PAGE_NOT_FOUND(
      19003, 404, REFUSED, Reason.VENUE_REFUSED), // a wrong base URL: no cancel of an order
  FORM_INVALID(19004, 400, REFUSED, Reason.INVALID_REQUEST),
  JSON_INVALID(19005, 400, REFUSED, Reason.INVALID_REQUEST),
  SERVICE_UNAVAILABLE(19006, 503, AMBIGUOUS, null),

  // 22xxx: business logic.
  UNKNOWN_ERROR(22000, 500, AMBIGUOUS, null),
  LOCK_NOT_ACQUIRED(22014, 503, RETRY_LATER, Reason.VENUE_UNAVAILABLE), // nothing was begun
  INVALID_ARGUMENT(22015, 400, REFUSED, Reason.INVALID_REQUEST),
  NOT_FOUND(22016, 404, UNKNOWN_ORDER, Reason.UNKNOWN_ORDER),

  TOKEN_EXPIRED(100003, 401, UNAUTHORIZED, Reason.UNAUTHORIZED);

  final long number;

  /** The HTTP status that the number is documented with. */
  final int http;

  final ReplyKind kind;
  final @Nullable Reason reason;

  CadenzaCode(int number, int http, ReplyKind kind, @Nullable Reason reason) {
    this.number = number;
    this.http = http;
    this.kind = kind;
    this.reason = reason;
  }

  CxlRejReason cxlRejReason() {
    return kind == NOT_OPEN
        ? CxlRejReason.TOO_LATE_TO_CANCEL
        : (reason == null ? Reason.OTHER : reason).cxlRejReason();
  }

  static @Nullable CadenzaCode of(long errno) {
    for (CadenzaCode code : values()) {
      if (code.number == errno || code.number == -errno) {
        return code;
      }
    }
    return null;
  }
}
