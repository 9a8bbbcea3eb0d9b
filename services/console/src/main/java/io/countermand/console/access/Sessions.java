package io.countermand.console.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Who is signed in now, by the hash of what his browser keeps. Ends when not used for a while,
 * after a longest time, and when there are too many: the one used longest ago goes. Thread-safe.
 */
final class Sessions {

  private static final int MOST = 1_000;
  private static final int MOST_OF_ONE = 5;
  private static final int SECRET_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final long idle;
  private final long longest;
  private final LongSupplier nanos;

  /** The one used longest ago first. */
  private final Map<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

  Sessions(Duration idle, Duration longest, LongSupplier nanos) {
    this.idle = idle.toNanos();
    this.longest = longest.toNanos();
    this.nanos = nanos;
  }

  /** What nobody guesses. */
  static String secret() {
    byte[] random = new byte[SECRET_BYTES];
    RANDOM.nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /** Whether two secrets are one, in the same time however far they are. */
  static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  /** A new one; its id, which is to be told to the browser alone. */
  synchronized String open(ConsoleUser user) {
    long now = nanos.getAsLong();
    sessions.values().removeIf(each -> over(each, now));
    List<String> own =
        sessions.entrySet().stream()
            .filter(each -> each.getValue().user().person().equals(user.person()))
            .map(Map.Entry::getKey)
            .toList();
    if (own.size() >= MOST_OF_ONE) {
      sessions.remove(own.getFirst());
    }
    if (sessions.size() >= MOST) {
      sessions.remove(sessions.keySet().iterator().next());
    }
    String id = secret();
    sessions.put(key(id), new Session(user, secret(), now, now));
    return id;
  }

  /**
   * @param use whether somebody did something, and not an open page by itself
   */
  synchronized Optional<Session> find(String id, boolean use) {
    String key = key(id);
    Session known = sessions.get(key);
    if (known == null) {
      return Optional.empty();
    }
    long now = nanos.getAsLong();
    if (over(known, now)) {
      sessions.remove(key);
      return Optional.empty();
    }
    if (use) {
      sessions.put(key, known.usedAt(now));
    }
    return Optional.of(known);
  }

  synchronized void close(String id) {
    sessions.remove(key(id));
  }

  private boolean over(Session session, long now) {
    return now - session.used() > idle || now - session.begun() > longest;
  }

  private static String key(String id) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
