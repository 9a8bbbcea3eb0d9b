package io.countermand.venues.http;

import io.countermand.domain.Reply;
import io.countermand.venues.Secret;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.classification.PauseRules;
import io.countermand.venues.http.transport.Exchange;
import io.countermand.venues.http.transport.HttpCall;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.HttpTransport;
import io.countermand.venues.http.transport.Scrubber;
import io.countermand.venues.limits.VenueGovernor;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whether a refusal was of the credential or of one request: the venue's probe, which touches no
 * order, is asked with the same token, once for all calls that were refused meanwhile. Thread-safe.
 */
final class CredentialCheck {

  /** What is known of a credential. */
  enum Finding {
    TAKEN,
    REFUSED,
    UNKNOWN
  }

  private final HttpTransport transport;
  private final VenueGovernor governor;
  private final Scrubber scrubber;
  private final Clock clock;
  private final HttpCall probe;
  private final Function<HttpReply, Classified> read;
  private final boolean tells;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile @Nullable Secret taken;
  // Guarded by asking.
  private @Nullable Secret asked;
  private long askedAt;
  private Finding found = Finding.UNKNOWN;

  /**
   * @param read what the probe's answer says
   * @param tells whether the probe carries the credential
   */
  CredentialCheck(
      HttpTransport transport,
      VenueGovernor governor,
      Scrubber scrubber,
      Clock clock,
      HttpCall probe,
      Function<HttpReply, Classified> read,
      boolean tells) {
    this.transport = transport;
    this.governor = governor;
    this.scrubber = scrubber;
    this.clock = clock;
    this.probe = probe;
    this.read = read;
    this.tells = tells;
  }

  /** Whether a probe can show anything. */
  boolean tells() {
    return tells;
  }

  /** A call with this token was not refused. */
  void taken(@Nullable Secret token) {
    taken = token;
  }

  /** Whether some call with this token was not refused, ever. */
  boolean wasTaken(@Nullable Secret token) {
    return token != null && token.equals(taken);
  }

  /**
   * @param since {@link System#nanoTime} when the refused call was sent: what was found later holds
   */
  Finding ask(@Nullable Secret token, long since, Duration timeout) {
    try {
      if (!tells || token == null || !asking.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        return Finding.UNKNOWN;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Finding.UNKNOWN;
    }
    try {
      if (!token.equals(asked) || askedAt - since <= 0) {
        askedAt = System.nanoTime();
        found = find(token, timeout);
        asked = token;
      }
      return found;
    } finally {
      asking.unlock();
    }
  }

  private Finding find(Secret token, Duration timeout) {
    if (governor.paused().isPresent()
        || !(transport.send(probe, token, timeout) instanceof Exchange.Complete(HttpReply reply))) {
      return Finding.UNKNOWN;
    }
    Classified verdict = read.apply(reply);
    if (verdict.pause() != null) {
      PauseRules.close(governor, verdict, scrubber, clock);
    }
    return switch (verdict.reply()) {
      case Reply.Accepted r -> {
        taken = token;
        yield Finding.TAKEN;
      }
      case Reply.Unauthorized r -> Finding.REFUSED;
      default -> Finding.UNKNOWN;
    };
  }
}
