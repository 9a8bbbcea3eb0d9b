package io.countermand.venues;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One configured venue instance. Thread-safe. Calls block, so run them on virtual threads; they
 * never throw for anything a server can send.
 */
public interface VenueAdapter extends AutoCloseable {

  Capabilities capabilities();

  /** What the venue's own rules say before anything is sent; empty when the request is fine. */
  Optional<Reply.Refused> check(CancelRequest request);

  /**
   * Cancels, within {@code timeout} for the whole exchange: token, connection and body included. A
   * request that {@link #check} refuses, or that falls into a pause, is answered without a call.
   */
  CallResult cancel(CancelRequest request, Duration timeout);

  /** Asks for the order's state; {@code Refused(UNSUPPORTED)} unless {@code canQuery}. */
  CallResult status(CancelRequest request, Duration timeout);

  /**
   * What the venue recorded of the order's states, read as an answer to a status query; {@code
   * Refused(UNSUPPORTED)}, without a call, where it keeps no such record.
   */
  default CallResult history(CancelRequest request, Duration timeout) {
    return CallResult.local(
        new Reply.Refused(
            Reason.UNSUPPORTED, ReplyDetails.of(null, "no record of an order's states")),
        Instant.now());
  }

  /**
   * The orders that may still be open, a page a call; {@code Refused(UNSUPPORTED)} unless {@code
   * canList}.
   *
   * @param account null: of all accounts
   * @param cursor {@link OrderPage#next} of the page before; null: the first
   */
  default OrderPage openOrders(
      @Nullable String account, @Nullable String cursor, Duration timeout) {
    return OrderPage.unsupported();
  }

  /**
   * Cancels every open order of an account in one call, whoever placed it: for who has just seen by
   * {@link #openOrders} that each of them is to be cancelled. {@code Refused(UNSUPPORTED)}, without
   * a call, unless {@code cancelsAll}. Never a call that closes positions.
   *
   * @param timeout for the whole exchange
   */
  default BulkAnswer cancelAll(String account, Duration timeout) {
    return BulkAnswer.none(
        CallResult.local(
            new Reply.Refused(
                Reason.UNSUPPORTED, ReplyDetails.of(null, "no call that cancels all")),
            Instant.now()));
  }

  /**
   * The accounts that the credential has, all in one answer; {@code Refused(UNSUPPORTED)}, without
   * a call, unless {@code tellsAccounts}. What the answer leaves out is none of the credential's
   * only if it {@linkplain AccountList#proves proves} so; a failed answer says nothing of any.
   */
  default AccountList accounts(Duration timeout) {
    return AccountList.unsupported();
  }

  /**
   * Whether the venue is reachable and the credential accepted; touches no order. Logs in where the
   * adapter has no token yet: not for who only looks, see {@link #loginCost}.
   */
  Probe probe(Duration timeout);

  /**
   * What a login costs whoever else uses the credential, for people, as in "takes one of five
   * logins an hour"; empty: {@link #probe} and {@link #accounts} never log in.
   */
  default Optional<String> loginCost() {
    return Optional.empty();
  }

  /**
   * As {@link #probe}, but never logs in: an adapter that would must override it, and ask without a
   * token. Touches no order and ends no session.
   */
  default Probe probeWithoutLogin(Duration timeout) {
    return probe(timeout);
  }

  /**
   * Why the credentials that stand in files could not be read again, so that those read before are
   * still sent; empty: they could, or none stands in a file. Holds no secret.
   */
  default Optional<String> credentialProblem() {
    return Optional.empty();
  }

  /** The venue's own stream of order events; empty unless {@code hasFeed}. One per adapter. */
  default Optional<OrderFeed> feed() {
    return Optional.empty();
  }

  /** Idempotent. Open calls end as if their connection broke. */
  @Override
  void close();
}
