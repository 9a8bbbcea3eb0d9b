package io.countermand.door;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who called, by the token that was shown.
 *
 * @param name in records
 * @param key of its rate: an issuer's subject is not the line of that name in the file
 * @param accounts {@code venue/account}, either part {@code *} for all; without any it may nothing
 */
record Caller(String name, String key, Set<TokenVerb> verbs, List<Account> accounts) {

  Caller(String name, Set<TokenVerb> verbs, List<Account> accounts) {
    this(name, name, verbs, accounts);
  }

  /** An account of a venue, or all of its accounts, or all. */
  record Account(String venue, String account) {

    private static final String ALL = "*";

    /**
     * @throws IllegalArgumentException if it is no such text
     */
    static Account parse(String text) {
      if (text.equals(ALL)) {
        return new Account(ALL, ALL);
      }
      int slash = text.indexOf('/');
      if (slash < 1 || slash == text.length() - 1) {
        throw new IllegalArgumentException("'" + text + "' is no venue/account");
      }
      return new Account(text.substring(0, slash), text.substring(slash + 1));
    }

    /** Whether all is in it that is of these; null: of any. */
    boolean covers(@Nullable String ofVenue, @Nullable String ofAccount) {
      return (venue.equals(ALL) || venue.equals(ofVenue))
          && (account.equals(ALL) || account.equals(ofAccount));
    }

    /** Whether anything is in it that is of these; null: of any. */
    boolean meets(@Nullable String ofVenue, @Nullable String ofAccount) {
      return covers(ofVenue == null ? venue : ofVenue, ofAccount == null ? account : ofAccount);
    }
  }

  /** With some account. */
  boolean may(TokenVerb verb) {
    return verbs.contains(verb) && !accounts.isEmpty();
  }

  /** With an account, or all of a venue's; null: with any. */
  boolean may(TokenVerb verb, @Nullable String venue, @Nullable String account) {
    return may(verb) && accounts.stream().anyMatch(each -> each.covers(venue, account));
  }

  /** Whether some of these accounts are among its own; null: of any. */
  boolean reaches(@Nullable String venue, @Nullable String account) {
    return accounts.stream().anyMatch(each -> each.meets(venue, account));
  }

  /** Whether no account is kept from it. */
  boolean hasAll() {
    return accounts.stream().anyMatch(each -> each.covers(null, null));
  }
}
