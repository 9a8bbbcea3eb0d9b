package io.countermand.venues.crosstrade;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.AccountList;
import io.countermand.venues.VenueAccount;
import io.countermand.venues.http.transport.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CrossTrade's "GET accounts", over REST and WebSocket alike. An account looks as "GET account"
 * documents one ({@code name}, {@code displayName}); under which name the list stands is not told,
 * so {@code accounts}, {@code data} and a bare list are taken.
 */
final class CrossTradeAccounts {

  /** Not documented, as is any paging; with one of these the list is not the whole one. */
  private static final List<String> MORE =
      List.of("next", "nextPage", "nextCursor", "cursor", "hasMore", "more", "truncated");

  private CrossTradeAccounts() {}

  /**
   * Null if it is no list.
   *
   * @param code HTTP status; null over WebSocket
   */
  static @Nullable AccountList read(@Nullable String code, JsonNode body, Instant askedAt) {
    JsonNode list =
        body.isArray()
            ? body
            : body.path("accounts").isArray() ? body.path("accounts") : body.path("data");
    boolean succeeded =
        body.isArray() || (Json.isTrue(body.path("success")) && Json.isNothing(body.path("error")));
    if (!list.isArray() || !succeeded) {
      return null;
    }
    List<VenueAccount> accounts = new ArrayList<>();
    boolean whole = MORE.stream().noneMatch(name -> says(body.path(name)));
    for (JsonNode account : list) {
      String name = account.isObject() ? Json.text(account.path("name")) : Json.text(account);
      if (name == null || name.isBlank()) {
        whole = false;
        continue;
      }
      String shown = Json.text(account.path("displayName"));
      accounts.add(
          shown == null || shown.isBlank()
              ? VenueAccount.of(name)
              : VenueAccount.of(name, shown)); // whether it is taken as a name, the venue may say
    }
    return new AccountList(
        new Reply.Accepted(ReplyDetails.of(code, null)), accounts, whole, askedAt);
  }

  private static boolean says(JsonNode more) {
    return !Json.isNothing(more) && !Json.isFalse(more) && !"".equals(Json.text(more));
  }
}
