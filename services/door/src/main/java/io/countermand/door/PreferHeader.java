package io.countermand.door;

import io.javalin.http.Context;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code Prefer: wait=N} (RFC 7240). */
final class PreferHeader {

  private static final Pattern WAIT = Pattern.compile("(?i)(?:^|[,;\\s])wait=([0-9]{1,4})\\b");
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private PreferHeader() {}

  /** How long the caller would wait; nothing said: not at all. */
  static Duration wait(Context request) {
    String prefer = request.header("Prefer");
    Matcher wait = WAIT.matcher(prefer == null ? "" : prefer);
    if (!wait.find()) {
      return Duration.ZERO;
    }
    Duration asked = Duration.ofSeconds(Integer.parseInt(wait.group(1)));
    return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
  }
}
