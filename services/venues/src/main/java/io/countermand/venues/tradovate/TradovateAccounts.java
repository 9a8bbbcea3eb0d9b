package io.countermand.venues.tradovate;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.domain.Cancel;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.AccountList;
import io.countermand.venues.VenueAccount;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Json;
import io.countermand.venues.http.transport.Texts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET account/list}: every account, in one bare list, each with its id (an int64) and a
 * name. Inactive ones count: they may have orders still.
 *
 * @param names that intents use, by Tradovate's account id
 * @param checked whether intents that name an account otherwise are refused
 */
record TradovateAccounts(Map<String, String> names, boolean checked) {

  TradovateAccounts(Map<String, String> names) {
    this(names, false);
  }

  /** A number that the configuration has a name for: the order's events come under that name. */
  Optional<Reply.Refused> otherwiseKeyed(Cancel cancel) {
    String account = cancel.order().account();
    String ours = names.get(account);
    return !checked
            || ours == null
            || ours.equals(account)
            || cancel.override()
            || cancel.massId() != null
        ? Optional.empty()
        : Optional.of(
            new Reply.Refused(
                Reason.ACCOUNT_REFUSED,
                ReplyDetails.of(
                    null,
                    "account '%s' is '%s' in order keys (option accounts); name it so, since under"
                            .formatted(account, Texts.clip(ours, 48))
                        + " two names one order is two")));
  }

  /** Null if it is no list. An account of which either name is not told leaves the list open. */
  @Nullable AccountList read(HttpReply reply, Instant askedAt) {
    if (!reply.ok() || !reply.json().isArray()) {
      return null;
    }
    List<VenueAccount> accounts = new ArrayList<>();
    boolean whole = true;
    for (JsonNode account : reply.json()) {
      Long id = Json.integer(account.path("id"));
      String name = Json.text(account.path("name"));
      if (id == null || id <= 0 || name == null || name.isBlank()) {
        whole = false;
        continue;
      }
      String ours = names.get(id.toString());
      accounts.add(
          ours == null
              ? VenueAccount.of(name, id.toString()).keyedAs(id.toString())
              : VenueAccount.of(name, id.toString(), ours).keyedAs(ours)); // as the feed does
    }
    return new AccountList(
        new Reply.Accepted(ReplyDetails.of(reply.code(), null)), accounts, whole, askedAt);
  }
}
