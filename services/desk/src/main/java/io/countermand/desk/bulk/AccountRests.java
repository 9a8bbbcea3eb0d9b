package io.countermand.desk.bulk;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Which accounts no call for many is tried for now. Thread-safe.
 *
 * <pre>
 * the last try                          | then the account rests
 * --------------------------------------+--------------------------------
 * was accepted                          | half a second
 * came to nothing: no call was made     | twice as long as before, at most half a minute
 * was called, and not accepted          | half a minute
 * so twice, none accepted in between    | until the process starts anew
 * </pre>
 */
final class AccountRests {

  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int MOST_UNHEARD = 2;
  private static final int MOST = 20_000;

  private final Map<String, Rest> rests = new HashMap<>();

  private record Rest(long untilNanos, Duration length, int unheard) {}

  synchronized boolean over(String account, long nowNanos) {
    Rest rest = rests.get(account);
    return rest == null || (rest.unheard() < MOST_UNHEARD && nowNanos - rest.untilNanos() >= 0);
  }

  synchronized void served(String account, long nowNanos) {
    put(account, nowNanos, FIRST, 0);
  }

  synchronized void inVain(String account, long nowNanos) {
    Rest before = rests.get(account);
    Duration length = before == null ? FIRST : before.length().multipliedBy(2);
    put(
        account,
        nowNanos,
        length.compareTo(LONGEST) < 0 ? length : LONGEST,
        before == null ? 0 : before.unheard());
  }

  /** True: it is tried no more. */
  synchronized boolean unheard(String account, long nowNanos) {
    Rest before = rests.get(account);
    int unheard = before == null ? 1 : before.unheard() + 1;
    put(account, nowNanos, LONGEST, unheard);
    return unheard >= MOST_UNHEARD;
  }

  private void put(String account, long nowNanos, Duration length, int unheard) {
    if (rests.size() > MOST) {
      rests.clear();
    }
    rests.put(account, new Rest(nowNanos + length.toNanos(), length, unheard));
  }
}
