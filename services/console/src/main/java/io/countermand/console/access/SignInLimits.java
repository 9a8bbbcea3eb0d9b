package io.countermand.console.access;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How often somebody may try to sign in and fail: by name and address, by address, and by name from
 * addresses where that name never signed in. So who guesses at a name from elsewhere does not lock
 * out whoever has it, and nobody is locked out for ever. Bounded. Thread-safe.
 */
final class SignInLimits {

  private static final int MOST = 10_000;

  private record Limit(int atOnce, Duration oneEach) {}

  private static final Limit PAIR = new Limit(5, Duration.ofSeconds(30));
  private static final Limit ADDRESS = new Limit(20, Duration.ofSeconds(5));
  private static final Limit NAME = new Limit(20, Duration.ofSeconds(30));

  private final TimeMeter clock;
  private final Map<String, Bucket> addresses = newest();

  /** By name, and by name and address. */
  private final Map<String, Bucket> buckets = newest();

  private final Map<String, Boolean> signedIn = newest();

  SignInLimits(TimeMeter clock) {
    this.clock = clock;
  }

  /** Whether it may be tried now; a try counts as failed until {@link #succeeded}. */
  synchronized boolean take(String name, String address) {
    Bucket from = from(address);
    if (!from.tryConsume(1)) { // and nothing is kept of the names that it tries
      return false;
    }
    List<Bucket> all = buckets(name, address);
    for (int i = 0; i < all.size(); i++) {
      if (!all.get(i).tryConsume(1)) {
        all.subList(0, i).forEach(each -> each.addTokens(1));
        from.addTokens(1);
        return false;
      }
    }
    return true;
  }

  /** It was not looked at. */
  synchronized void giveBack(String name, String address) {
    from(address).addTokens(1);
    buckets(name, address).forEach(each -> each.addTokens(1));
  }

  /** The same of an address alone, where an issuer looks after names. */
  synchronized boolean takeFrom(String address) {
    return from(address).tryConsume(1);
  }

  /** It did not fail. */
  synchronized void giveBackFrom(String address) {
    from(address).addTokens(1);
  }

  synchronized void succeeded(String name, String address) {
    giveBack(name, address);
    signedIn.put(pair(name, address), true);
  }

  private List<Bucket> buckets(String name, String address) {
    Bucket pair = bucket(buckets, "pair " + pair(name, address), PAIR);
    return signedIn.get(pair(name, address)) != null
        ? List.of(pair)
        : List.of(pair, bucket(buckets, "name " + name, NAME));
  }

  private Bucket from(String address) {
    return bucket(addresses, address, ADDRESS);
  }

  private Bucket bucket(Map<String, Bucket> kept, String key, Limit limit) {
    return kept.computeIfAbsent(
        key,
        _ ->
            Bucket.builder()
                .withCustomTimePrecision(clock)
                .addLimit(it -> it.capacity(limit.atOnce()).refillGreedy(1, limit.oneEach()))
                .build());
  }

  private static String pair(String name, String address) {
    return address + " " + name;
  }

  private static <V> Map<String, V> newest() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > MOST;
      }
    };
  }
}
