package io.countermand.venues;

import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import java.time.Instant;
import java.util.List;

/**
 * One answer to {@link VenueAdapter#accounts}: one call of the venue's rate. Immutable.
 *
 * @param reply {@code Accepted} if the list was told, else why not
 * @param accounts those that could be read
 * @param whole false: there may be more than these
 * @param askedAt when the venue was asked: an account of a later time is not among them
 */
public record AccountList(
    Reply reply, List<VenueAccount> accounts, boolean whole, Instant askedAt) {

  public AccountList {
    accounts = List.copyOf(accounts);
  }

  /** The venue tells no accounts; nothing was asked. */
  public static AccountList unsupported() {
    return failed(
        new Reply.Refused(Reason.UNSUPPORTED, ReplyDetails.of(null, "no list of accounts")),
        Instant.EPOCH);
  }

  public static AccountList failed(Reply reply, Instant askedAt) {
    return new AccountList(reply, List.of(), false, askedAt);
  }

  public boolean told() {
    return reply instanceof Reply.Accepted;
  }

  /**
   * Whether an account that is not among these was, when asked, none of the credential's. An empty
   * list says nothing: no credential is of no account.
   */
  public boolean proves() {
    return told() && whole && !accounts.isEmpty();
  }
}
