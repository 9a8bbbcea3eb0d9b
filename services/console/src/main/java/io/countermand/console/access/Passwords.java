package io.countermand.console.access;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.security.crypto.bcrypt.BCrypt;

/** Passwords and their hashes, by bcrypt. */
final class Passwords {

  static final int LEAST_COST = 10;
  static final int MOST_COST = 16;
  private static final int SHORTEST = 12;

  /** Bytes; bcrypt looks at no more. */
  private static final int LONGEST = 72;

  private static final Pattern HASH =
      Pattern.compile("\\$2[aby]\\$(?<cost>[0-9]{2})\\$[./A-Za-z0-9]{53}");

  private Passwords() {}

  /**
   * @param cost each one more takes twice as long
   * @throws IllegalArgumentException that says what is wrong, without the password
   */
  static String hash(String password, int cost) {
    if (password.codePointCount(0, password.length()) < SHORTEST) {
      throw new IllegalArgumentException(
          "the password has less than " + SHORTEST + " characters (not shown)");
    }
    if (tooLong(password)) {
      throw new IllegalArgumentException(
          "the password has more than " + LONGEST + " bytes (not shown)");
    }
    if (cost < LEAST_COST || cost > MOST_COST) {
      throw new IllegalArgumentException("the cost must be " + LEAST_COST + " to " + MOST_COST);
    }
    return BCrypt.hashpw(password, BCrypt.gensalt(cost));
  }

  /** Takes as long for whatever password, so that nothing is learned from the time. */
  static boolean fits(String password, String hash) {
    boolean usable = !tooLong(password);
    return BCrypt.checkpw(usable ? password : "", hash) && usable;
  }

  /** What no password is known to fit, and takes as long to find out. */
  static String decoy(int cost) {
    return "$2a$%02d$%s".formatted(cost, "CountermandNobodyHasxeOPzL6Xs8oBvY4oxTSWxhQeqzJvpCQ5K");
  }

  /**
   * @throws IllegalArgumentException if it is no hash that may be used
   */
  static int cost(String hash) {
    Matcher matcher = HASH.matcher(hash);
    int cost = matcher.matches() ? Integer.parseInt(matcher.group("cost")) : 0;
    if (cost < LEAST_COST || cost > MOST_COST) {
      throw new IllegalArgumentException(
          "no hash by bcrypt of a cost from " + LEAST_COST + " to " + MOST_COST);
    }
    return cost;
  }

  private static boolean tooLong(String password) {
    return password.getBytes(StandardCharsets.UTF_8).length > LONGEST;
  }
}
