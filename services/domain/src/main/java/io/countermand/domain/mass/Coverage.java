package io.countermand.domain.mass;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What in a scope nobody looked at, as far as can be known: "0 orders" of an account whose events
 * nobody sends is the worst lie.
 */
final class Coverage {

  /** Older is not the present: said, whatever the account. */
  static final Duration OLD = Duration.ofHours(24);

  private Coverage() {}

  /**
   * @param venues all that are configured
   * @param seen what the desks' tables know
   * @param all whether all have told that: before, nothing was "never seen"
   * @return in words; empty: nothing lacks
   */
  static List<String> lacks(
      MassCancel mass, Set<String> venues, Collection<AccountSeen> seen, boolean all) {
    MassScope scope = mass.scope();
    List<String> lacks = new ArrayList<>();
    String named = scope.venue();
    if (named != null && !venues.contains(named)) {
      lacks.add("venue " + named + ": not configured, nobody can call it");
    }
    for (String venue : new TreeSet<>(venues)) {
      boolean known =
          seen.stream().anyMatch(one -> one.venue().equals(venue) && one.lastWord() != null);
      if (all && scope.reaches(venue) && !known && scope.account() == null) {
        lacks.add("venue " + venue + ": no order event was ever seen");
      }
    }
    String account = scope.account();
    if (all && account != null && seen.stream().noneMatch(one -> one.lastWord() != null)) {
      lacks.add(
          "account "
              + account
              + (named == null ? "" : " of venue " + named)
              + ": no order event was ever seen");
    }
    for (AccountSeen one : sorted(seen)) {
      String where = "venue " + one.venue() + ", account " + one.account() + ": ";
      Instant word = one.lastWord();
      if (word != null && word.isBefore(mass.createdAt().minus(OLD))) {
        lacks.add(where + "its newest order event is of " + word);
      }
      if (one.leftOut() > 0) {
        lacks.add(
            where
                + one.leftOut()
                + " open orders left out: a cancel there closes the position, too");
      }
      if (one.untold() > 0) {
        lacks.add(
            where
                + one.untold()
                + " open orders whose events do not tell whether they are in scope; left alone");
      }
    }
    return lacks;
  }

  private static List<AccountSeen> sorted(Collection<AccountSeen> seen) {
    return seen.stream()
        .sorted(Comparator.comparing(AccountSeen::venue).thenComparing(AccountSeen::account))
        .toList();
  }
}
