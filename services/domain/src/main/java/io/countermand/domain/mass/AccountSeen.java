package io.countermand.domain.mass;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an account in scope.
 *
 * @param orders open and in scope
 * @param leftOut open and in scope, but a cancel there closes the position, too
 * @param untold open, and nobody tells whether in scope
 * @param lastWord time of its newest order event; null: none ever
 */
public record AccountSeen(
    String venue, String account, int orders, int leftOut, int untold, @Nullable Instant lastWord) {

  AccountSeen and(AccountSeen other) {
    Instant theirs = other.lastWord;
    return new AccountSeen(
        venue,
        account,
        orders + other.orders,
        leftOut + other.leftOut,
        untold + other.untold,
        lastWord == null || (theirs != null && theirs.isAfter(lastWord)) ? theirs : lastWord);
  }
}
