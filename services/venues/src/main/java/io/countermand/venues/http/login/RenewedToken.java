package io.countermand.venues.http.login;

import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.CredentialWatch;
import io.countermand.venues.Credentials;
import io.countermand.venues.Secret;
import io.countermand.venues.http.classification.PauseRules;
import io.countermand.venues.http.login.LoginDialect.Grant;
import io.countermand.venues.http.login.LoginDialect.Tokens;
import io.countermand.venues.http.transport.HttpTransport;
import io.countermand.venues.http.transport.Scrubber;
import io.countermand.venues.limits.Pause;
import io.countermand.venues.limits.VenueGovernor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A token that is renewed before it expires, by a timer, and when the venue refuses it: once for
 * all calls that wait (single flight), on a thread of its own, so that no call's short timeout cuts
 * a login short. While the old token is still taken, nobody waits. After a failure the next try
 * backs off, but a login is tried before the token ends ({@link TokenLife}).
 */
public final class RenewedToken implements TokenSource {

  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 5;

  private final LoginDialect dialect;
  private final LoginCalls calls;
  private final Scrubber scrubber;
  private final VenueGovernor governor;
  private final Clock clock;
  private final RenewalTimer timer;
  private final CredentialWatch watch;

  private final Object lock = new Object();
  // Guarded by lock.
  private @Nullable TokenLife life;
  private boolean refused;
  private boolean renewalFailed;
  private int loginsRefused;
  private @Nullable CompletableFuture<CallPermission> renewal;
  private CallPermission.Denied denial = unavailable("no token yet");
  private Instant notBefore = Instant.MIN;
  private int failures;
  private @Nullable String continuation;
  private boolean signInAgain;

  /**
   * @param watching makes a watch of the credentials, which runs what it is given after a change
   */
  public RenewedToken(
      LoginDialect dialect,
      HttpTransport transport,
      Scrubber scrubber,
      VenueGovernor governor,
      Clock clock,
      Function<Runnable, CredentialWatch> watching) {
    this.dialect = dialect;
    this.calls = new LoginCalls(dialect, transport, scrubber, governor, clock);
    this.scrubber = scrubber;
    this.governor = governor;
    this.clock = clock;
    this.timer = new RenewalTimer(governor.name(), this::look);
    this.watch = watching.apply(this::changed);
  }

  @Override
  public void start() {
    watch.start();
  }

  @Override
  public CallPermission access(Duration timeout) {
    timer.start();
    watch.start();
    CompletableFuture<CallPermission> waiting;
    synchronized (lock) {
      Instant now = clock.instant();
      renewIfDue(now);
      if (usable(now) && life != null) {
        return new CallPermission.Granted(life.tokens().access());
      }
      if (renewal == null) {
        return denial;
      }
      waiting = renewal;
    }
    return await(waiting, timeout);
  }

  /** By itself, but for a refused login: venues lock accounts that keep guessing. */
  private void look() {
    synchronized (lock) {
      if (loginsRefused == 0) {
        renewIfDue(clock.instant());
      }
    }
  }

  private boolean usable(Instant now) {
    return life != null && !refused && !life.over(now);
  }

  /** Called with the lock held. */
  private void renewIfDue(Instant now) {
    TokenLife held = life;
    boolean usable = usable(now);
    boolean due = held == null || !usable || signInAgain || held.due(now);
    if (!due || renewal != null || now.isBefore(notBefore)) {
      return;
    }
    // What failed while there was time is not tried again while calls wait.
    boolean login = signInAgain;
    Tokens current = held == null || login || (!usable && renewalFailed) ? null : held.tokens();
    signInAgain = false;
    Instant loginFrom = held == null || !usable ? Instant.MIN : held.loginAt();
    String ticket = continuation;
    CompletableFuture<CallPermission> future = new CompletableFuture<>();
    renewal = future;
    Thread.ofVirtual()
        .name("token-" + governor.name())
        .start(() -> future.complete(renew(current, usable, loginFrom, ticket, held, login)));
  }

  /**
   * A login that is refused may be one with credentials that others have taken the place of.
   *
   * @param login whether it was made because of other credentials
   */
  private CallPermission renew(
      @Nullable Tokens current,
      boolean usable,
      Instant loginFrom,
      @Nullable String ticket,
      @Nullable TokenLife held,
      boolean login) {
    Credentials used = watch.now();
    Grant grant = calls.request(current, usable, loginFrom, ticket);
    if (grant instanceof Grant.Refused && !watch.lookAgain().equals(used)) {
      synchronized (lock) {
        signInAgain = false; // by the next line
      }
      grant = calls.request(null, usable, loginFrom, null);
    }
    boolean again = login && !(grant instanceof Grant.Granted) && !(grant instanceof Grant.Refused);
    CallPermission permission = settle(grant, held);
    if (again) {
      synchronized (lock) {
        signInAgain = true;
      }
    }
    return permission;
  }

  /** A token that is still taken stays in use until the login is done. */
  private void changed() {
    synchronized (lock) {
      signInAgain = true;
      loginsRefused = 0;
      notBefore = Instant.MIN;
      continuation = null;
    }
  }

  private static CallPermission await(CompletableFuture<CallPermission> waiting, Duration timeout) {
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

  /**
   * @param held the token that is to be followed; null: none
   */
  private CallPermission settle(Grant grant, @Nullable TokenLife held) {
    synchronized (lock) {
      renewal = null;
      if (grant instanceof Grant.Granted(Tokens issued)) {
        return keep(issued);
      }
      Instant now = clock.instant();
      // While it is, a refusal closes nothing yet.
      boolean usable = usable(now);
      renewalFailed = held != null;
      failures++;
      switch (grant) {
        case Grant.Refused(String why) -> {
          continuation = null;
          notBefore = now.plus(doubled(PauseRules.UNAUTHORIZED, ++loginsRefused));
          if (!usable) {
            governor.refused(notBefore, scrubber.line(why));
          }
          denial = new CallPermission.Denied(new Reply.Unauthorized(ReplyDetails.of(null, why)));
        }
        case Grant.Later(Instant at, String ticket, String why) -> {
          continuation = ticket == null ? continuation : ticket;
          notBefore = at;
          if (!usable) { // no call can be made before there is a token
            governor.pause(new Pause(at, Pause.Cause.RATE_LIMITED, scrubber.line(why)));
          }
          denial =
              new CallPermission.Denied(new Reply.RetryLater(at, null, ReplyDetails.of(null, why)));
        }
        case Grant.Unclear(String why) -> {
          Duration spread =
              usable && held != null ? held.betweenRenewals() : calls.spread(failures);
          notBefore = now.plus(longer(doubled(FIRST_BACKOFF, failures), spread));
          denial = unavailable(why);
        }
        case Grant.Granted g -> throw new IllegalStateException("kept above");
      }
      if (usable && held != null && now.isBefore(held.loginAt())) {
        notBefore = notBefore.isBefore(held.loginAt()) ? notBefore : held.loginAt();
      }
      return denial;
    }
  }

  private static Duration doubled(Duration first, int failures) {
    return first.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private CallPermission keep(Tokens issued) {
    life = new TokenLife(issued, clock.instant(), dialect.limits().renewBefore());
    refused = false;
    renewalFailed = false;
    loginsRefused = 0;
    failures = 0;
    notBefore = Instant.MIN;
    continuation = null;
    scrubber.learn(issued.access());
    if (issued.refresh() != null) {
      scrubber.learn(issued.refresh());
    }
    return new CallPermission.Granted(issued.access());
  }

  private static CallPermission.Denied unavailable(String why) {
    return new CallPermission.Denied(
        new Reply.NotSent(Reason.VENUE_UNAVAILABLE, ReplyDetails.of(null, why)));
  }

  @Override
  public boolean replaced(@Nullable Secret token) {
    synchronized (lock) {
      return life != null && !refused && !life.tokens().access().equals(token);
    }
  }

  @Override
  public boolean rejected(@Nullable Secret token) {
    synchronized (lock) {
      if (life != null && life.tokens().access().equals(token)) {
        refused = true;
      }
      return true;
    }
  }

  @Override
  public void close() {
    timer.close();
    watch.close();
  }
}
