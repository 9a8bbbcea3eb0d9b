package io.countermand.venues.http;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.venues.AccountList;
import io.countermand.venues.OrderPage;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.classification.ProbeReading;
import io.countermand.venues.http.transport.HttpCall;
import io.countermand.venues.http.transport.HttpReply;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What makes one HTTP venue differ from another: pure functions of their arguments. The reading
 * methods take anything a server can send and never guess: what is not certainly understood is
 * {@link Classified#byStatus}.
 */
public interface HttpDialect {

  /** The venue's rules for a request; empty when it may be sent. */
  default Optional<Reply.Refused> check(CancelRequest request) {
    return Optional.empty();
  }

  HttpCall cancel(CancelRequest request);

  Classified readCancel(CancelRequest request, HttpReply reply);

  /** Only called where {@code canQuery}. */
  default HttpCall status(CancelRequest request) {
    throw new UnsupportedOperationException("no status query");
  }

  /** Only called where {@code canQuery}. */
  default Classified readStatus(CancelRequest request, HttpReply reply) {
    throw new UnsupportedOperationException("no status query");
  }

  /**
   * A call for what the venue recorded of the order's states; {@link #readStatus} reads its answer,
   * too. Null: it keeps no such record.
   */
  default @Nullable HttpCall history(CancelRequest request) {
    return null;
  }

  /** Only called where {@code canList}; see {@code VenueAdapter.openOrders}. */
  default HttpCall openOrders(@Nullable String account, @Nullable String cursor) {
    throw new UnsupportedOperationException("no list of orders");
  }

  /**
   * Only called where {@code canList}.
   *
   * @param venue the instance
   * @param sentAt when it was asked: the orders were so then, or later
   * @return null if the answer is no list
   */
  default @Nullable OrderPage readOpenOrders(
      String venue,
      @Nullable String account,
      @Nullable String cursor,
      HttpReply reply,
      Instant sentAt) {
    throw new UnsupportedOperationException("no list of orders");
  }

  /** Only called where {@code cancelsAll}; see {@code VenueAdapter.cancelAll}. */
  default HttpCall cancelAll(String account) {
    throw new UnsupportedOperationException("no call that cancels all");
  }

  /**
   * Only called where {@code cancelsAll}: {@code Accepted} if the answer names the orders that were
   * taken; never {@code Refused}.
   */
  default Classified readCancelAll(HttpReply reply) {
    throw new UnsupportedOperationException("no call that cancels all");
  }

  /** Ids of the orders that an answer names which {@link #readCancelAll} calls accepted. */
  default List<String> readCanceled(HttpReply reply) {
    throw new UnsupportedOperationException("no call that cancels all");
  }

  /** Only called where {@code tellsAccounts}; see {@code VenueAdapter.accounts}. */
  default HttpCall accounts() {
    throw new UnsupportedOperationException("no list of accounts");
  }

  /**
   * Only called where {@code tellsAccounts}.
   *
   * @param askedAt when it was asked
   * @return null if the answer is no list
   */
  default @Nullable AccountList readAccounts(HttpReply reply, Instant askedAt) {
    throw new UnsupportedOperationException("no list of accounts");
  }

  /** A call that shows whether the venue answers and takes the credential; changes nothing. */
  HttpCall probe();

  /**
   * What the answer to {@link #probe} says: {@code Accepted}: the venue is at work and takes the
   * credential, if the call carries one; {@code Unauthorized}: it takes it not. Else as {@link
   * Classified#byStatus}.
   */
  default Classified readProbe(HttpReply reply) {
    return ProbeReading.read(reply);
  }

  /** The call as it may be kept; secrets of the configuration are taken out afterwards. */
  default String show(HttpCall call, String url) {
    return call.method() + " " + url + (call.body() == null ? "" : " " + call.body());
  }
}
