package io.countermand.console.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Who went to an issuer to sign in, and comes back. All that is kept is in his browser: a secret,
 * when he left, and where he wanted to go. State, nonce and verifier are made of that with a key
 * that this process alone has, so whoever begins a million journeys takes nothing from others. Each
 * ends once, within ten minutes, in the browser where it began. Thread-safe.
 */
final class SignInJourneys {

  static final Duration LONGEST = Duration.ofMinutes(10);

  static final int MOST = 10_000;
  private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

  private final SecretKeySpec key =
      new SecretKeySpec(Sessions.secret().getBytes(StandardCharsets.US_ASCII), "HmacSHA256");
  private final LongSupplier nanos;

  /** States that came back, and when that was; the first first. */
  private final LinkedHashMap<String, Long> ended = new LinkedHashMap<>();

  /**
   * One of them.
   *
   * @param kept by the browser alone
   * @param to where he wanted to go
   */
  record Journey(String kept, String to, String state, String nonce, String verifier) {

    /** Of PKCE, by S256. */
    String challenge() {
      try {
        byte[] bytes = verifier.getBytes(StandardCharsets.US_ASCII);
        return TEXT.encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JVM has SHA-256", e);
      }
    }

    @Override
    public String toString() {
      return "Journey[" + to + "]";
    }
  }

  SignInJourneys(LongSupplier nanos) {
    this.nanos = nanos;
  }

  Journey begin(String to) {
    String where = TEXT.encodeToString(to.getBytes(StandardCharsets.UTF_8));
    return of(Sessions.secret() + "." + nanos.getAsLong() + "." + where, to);
  }

  private Journey of(String kept, String to) {
    return new Journey(kept, to, made("state", kept), made("nonce", kept), made("verifier", kept));
  }

  private String made(String what, String kept) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return TEXT.encodeToString(mac.doFinal((what + " " + kept).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has HmacSHA256", e);
    }
  }

  /**
   * The one that ends now; empty: it did not begin here, is too old, or has ended before.
   *
   * @param kept what the browser has; null: nothing
   * @param state that the issuer sent back; null: none
   */
  Optional<Journey> end(@Nullable String kept, @Nullable String state) {
    if (kept == null || state == null || !Sessions.same(made("state", kept), state)) {
      return Optional.empty();
    }
    String[] parts = kept.split("\\.", -1); // ours: nobody else can make the state of it
    long now = nanos.getAsLong();
    if (now - Long.parseLong(parts[1]) > LONGEST.toNanos() || !first(state, now)) {
      return Optional.empty();
    }
    return Optional.of(
        of(kept, new String(Base64.getUrlDecoder().decode(parts[2]), StandardCharsets.UTF_8)));
  }

  private synchronized boolean first(String state, long now) {
    ended.values().removeIf(at -> now - at > LONGEST.toNanos());
    boolean first = ended.putIfAbsent(state, now) == null;
    if (ended.size() > MOST) { // nobody signs in so often; the issuer's code is good once, too
      ended.pollFirstEntry();
    }
    return first;
  }
}
