package io.countermand.venues.tradovate;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.domain.Reply;
import io.countermand.domain.Told;
import io.countermand.venues.AccountList;
import io.countermand.venues.VenueAccount;
import io.countermand.venues.http.HttpReply;
import io.countermand.venues.http.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET account/list}: every account, in one bare list, each with its id (an int64) and a
 * name. Inactive ones count: they may have orders still.
 *
 * @param names that intents use, by Tradovate's account id
 */
record TradovateAccounts(Map<String, String> names) {

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
              ? VenueAccount.of(name, id.toString())
              : VenueAccount.of(name, id.toString(), ours));
    }
    return new AccountList(
        new Reply.Accepted(Told.of(reply.code(), null)), accounts, whole, askedAt);
  }
}
