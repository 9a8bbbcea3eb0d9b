package io.countermand.venues.http;

import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.Told;
import io.countermand.venues.Secret;
import io.countermand.venues.http.LoginDialect.Grant;
import io.countermand.venues.http.LoginDialect.Tokens;
import io.countermand.venues.limits.Pause;
import io.countermand.venues.limits.VenueGovernor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A token that is renewed before it expires, and when the venue refuses it: once for all calls that
 * wait (single flight), on a thread of its own, so that no call's short timeout cuts a login short.
 * While the old token is still taken, nobody waits. After a failure the next try backs off.
 */
final class RenewedToken implements TokenSource {

  private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 5;

  private final LoginDialect dialect;
  private final LoginCalls calls;
  private final Scrubber scrubber;
  private final VenueGovernor governor;
  private final Clock clock;

  private final Object lock = new Object();
  // Guarded by lock.
  private @Nullable Tokens tokens;
  private Instant issuedAt = Instant.MIN;
  private boolean refused;
  private @Nullable CompletableFuture<Access> renewal;
  private Access.Denied denial = unavailable("no token yet");
  private Instant notBefore = Instant.MIN;
  private int failures;
  private @Nullable String continuation;

  RenewedToken(
      LoginDialect dialect,
      HttpTransport transport,
      Scrubber scrubber,
      VenueGovernor governor,
      Clock clock) {
    this.dialect = dialect;
    this.calls = new LoginCalls(dialect, transport, governor, clock, LOGIN_TIMEOUT);
    this.scrubber = scrubber;
    this.governor = governor;
    this.clock = clock;
  }

  @Override
  public Access access(Duration timeout) {
    CompletableFuture<Access> waiting;
    synchronized (lock) {
      Instant now = clock.instant();
      Tokens current = tokens;
      boolean usable = usable(current, now);
      if ((!usable || due(current, now)) && renewal == null && !now.isBefore(notBefore)) {
        renewal = begin(current, usable, continuation);
      }
      if (usable && current != null) {
        return new Access.Granted(current.access());
      }
      if (renewal == null) {
        return denial;
      }
      waiting = renewal;
    }
    return await(waiting, timeout);
  }

  private boolean usable(@Nullable Tokens current, Instant now) {
    return current != null
        && !refused
        && (current.expiresAt() == null || now.isBefore(current.expiresAt()));
  }

  /** So long before expiry as the venue wants, but never more than a quarter of its life. */
  private boolean due(@Nullable Tokens current, Instant now) {
    if (current == null || current.expiresAt() == null) {
      return false;
    }
    Duration quarter = Duration.between(issuedAt, current.expiresAt()).dividedBy(4);
    Duration before = dialect.limits().renewBefore();
    return !now.isBefore(
        current.expiresAt().minus(before.compareTo(quarter) < 0 ? before : quarter));
  }

  private static Access await(CompletableFuture<Access> waiting, Duration timeout) {
    try {
      return waiting.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return unavailable("no token within %d ms".formatted(timeout.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unavailable("interrupted while waiting for a token");
    } catch (ExecutionException e) {
      return unavailable("token renewal failed");
    }
  }

  private CompletableFuture<Access> begin(
      @Nullable Tokens current, boolean usable, @Nullable String ticket) {
    CompletableFuture<Access> future = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("token-" + governor.name())
        .start(() -> future.complete(settle(calls.request(current, usable, ticket), usable)));
    return future;
  }

  /**
   * @param usable whether the old token was still taken: then a refusal closes nothing yet
   */
  private Access settle(Grant grant, boolean usable) {
    synchronized (lock) {
      renewal = null;
      if (grant instanceof Grant.Granted(Tokens issued)) {
        return keep(issued);
      }
      Instant now = clock.instant();
      int doubling = 1 << Math.min(failures++, MOST_DOUBLINGS);
      switch (grant) {
        case Grant.Refused(String why) -> {
          continuation = null;
          notBefore = now.plus(Pauses.UNAUTHORIZED.multipliedBy(doubling));
          if (!usable) {
            governor.pause(new Pause(notBefore, Pause.Cause.UNAUTHORIZED, scrubber.line(why)));
          }
          denial = new Access.Denied(new Reply.Unauthorized(Told.of(null, why)));
        }
        case Grant.Later(Instant at, String ticket, String why) -> {
          continuation = ticket == null ? continuation : ticket;
          notBefore = at;
          if (!usable) { // no call can be made before there is a token
            governor.pause(new Pause(at, Pause.Cause.RATE_LIMITED, scrubber.line(why)));
          }
          denial = new Access.Denied(new Reply.RetryLater(at, null, Told.of(null, why)));
        }
        case Grant.Unclear(String why) -> {
          notBefore = now.plus(FIRST_BACKOFF.multipliedBy(doubling));
          denial = unavailable(why);
        }
        case Grant.Granted g -> throw new IllegalStateException("kept above");
      }
      return denial;
    }
  }

  private Access keep(Tokens issued) {
    tokens = issued;
    issuedAt = clock.instant();
    refused = false;
    failures = 0;
    notBefore = Instant.MIN;
    continuation = null;
    scrubber.learn(issued.access());
    if (issued.refresh() != null) {
      scrubber.learn(issued.refresh());
    }
    return new Access.Granted(issued.access());
  }

  private static Access.Denied unavailable(String why) {
    return new Access.Denied(new Reply.NotSent(Reason.VENUE_UNAVAILABLE, Told.of(null, why)));
  }

  @Override
  public boolean rejected(@Nullable Secret token) {
    synchronized (lock) {
      if (tokens != null && tokens.access().equals(token)) {
        refused = true;
      }
      return true;
    }
  }
}
