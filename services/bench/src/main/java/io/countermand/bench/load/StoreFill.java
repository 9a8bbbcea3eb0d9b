package io.countermand.bench.load;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes Countermand's stores as large as they are after some time; measures nothing itself. The
 * peers keep nothing: for them it does nothing.
 *
 * @param count how many
 */
public record StoreFill(String name, What what, int count) implements BenchStep {

  private static final Pattern NAME = Pattern.compile("(orders|settled)-([1-9][0-9]{0,7})");

  /** What there is to be many of. */
  public enum What {
    /** Orders in the desk's table, by order events. */
    ORDERS,
    /** CancelIds that have their outcome, by intents that the desk refuses. */
    SETTLED
  }

  static boolean is(String name) {
    return NAME.matcher(name).matches();
  }

  static StoreFill of(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("nothing to fill: '" + name + "'");
    }
    What what = matcher.group(1).equals("orders") ? What.ORDERS : What.SETTLED;
    return new StoreFill(name, what, Integer.parseInt(matcher.group(2)));
  }
}
