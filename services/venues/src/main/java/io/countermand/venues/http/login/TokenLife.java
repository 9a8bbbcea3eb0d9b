package io.countermand.venues.http.login;

import io.countermand.venues.http.login.LoginDialect.Tokens;
import java.time.Duration;
import java.time.Instant;

/**
 * What is to be done when with an issued token.
 *
 * <pre>
 * issued ───────────── renewAt ──────── loginAt ──── end
 *                        │ renewals        │ a login, too, if the renewals failed
 * </pre>
 *
 * A token without a known end is never due. Immutable.
 */
record TokenLife(Tokens tokens, Instant issuedAt, Duration renewBefore) {

  private static final int TRIES = 8;

  boolean over(Instant now) {
    return tokens.expiresAt() != null && !now.isBefore(tokens.expiresAt());
  }

  boolean due(Instant now) {
    return tokens.expiresAt() != null && !now.isBefore(tokens.expiresAt().minus(lead()));
  }

  /** Late, so that a venue whose renewals always fail costs one login for each token. */
  Instant loginAt() {
    return tokens.expiresAt() == null ? Instant.MAX : tokens.expiresAt().minus(lead().dividedBy(3));
  }

  /** Between two renewals, so that some of them fit in and their quota is not used up. */
  Duration betweenRenewals() {
    return lead().dividedBy(TRIES);
  }

  /** As long before the end as the venue wants, but never more than a quarter of its life. */
  private Duration lead() {
    if (tokens.expiresAt() == null) {
      return renewBefore;
    }
    Duration quarter = Duration.between(issuedAt, tokens.expiresAt()).dividedBy(4);
    return renewBefore.compareTo(quarter) < 0 ? renewBefore : quarter;
  }
}
