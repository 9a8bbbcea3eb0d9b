package io.countermand.simulator.options;

import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How a venue may behave, too, where neither its documents nor anybody's code say how it does. Each
 * is a departure from what an instance does without it; none contradicts what is documented.
 */
public enum Doubt {
  /** An order that ended is told by no look-up any more, though it was there. */
  ENDED_FORGOTTEN,
  /**
   * A cancel of an order whose cancel is on its way is answered as one of an order that is gone.
   */
  PENDING_IS_GONE,
  /** States are written in lower case and in words: "cancel pending". */
  STATES_IN_WORDS,
  /** Lists of orders and of accounts stand under no name. */
  BARE_LISTS,
  /** Lists of orders and of accounts stand under {@code data}. */
  LISTS_UNDER_DATA,
  /** Every error stands inside {@code data}. */
  ERRORS_INSIDE,
  /** Every error stands at the top. */
  ERRORS_ON_TOP,
  /** "Rate limit exceeded" comes without a time to wait. */
  NO_RETRY_AFTER,
  /** A command that was taken is answered with 200 and a word, no JSON. */
  TAKEN_IN_A_WORD,
  /** {@code expiresAt} is in milliseconds everywhere. */
  EXPIRES_IN_MILLIS,
  /** "Cannot cancel" comes with another errno. */
  OTHER_ERRNO,
  /** An order that filled is "Completed" in look-ups, lists and the feed. */
  FILLED_IS_COMPLETED,
  /** A cancel of an order that is not there is answered with 200 and an {@code errorText}. */
  UNKNOWN_WITH_200;

  /** Whether it is one about this venue. */
  public boolean isOf(VenueKind kind) {
    return switch (this) {
      case ENDED_FORGOTTEN, PENDING_IS_GONE, STATES_IN_WORDS ->
          kind == VenueKind.CROSSTRADE || kind == VenueKind.CROSSTRADE_WS;
      case BARE_LISTS, LISTS_UNDER_DATA -> kind == VenueKind.CROSSTRADE;
      case ERRORS_INSIDE, ERRORS_ON_TOP -> kind == VenueKind.CROSSTRADE_WS;
      case NO_RETRY_AFTER -> kind == VenueKind.CROSSTRADE || kind == VenueKind.CROSSTRADE_WEBHOOK;
      case TAKEN_IN_A_WORD -> kind == VenueKind.CROSSTRADE_WEBHOOK;
      case EXPIRES_IN_MILLIS, OTHER_ERRNO -> kind == VenueKind.CADENZA;
      case FILLED_IS_COMPLETED, UNKNOWN_WITH_200 -> kind == VenueKind.TRADOVATE;
    };
  }

  /** Of those about a venue, each or not by chance; the same for the same seed and instance. */
  public static Set<Doubt> drawn(VenueKind kind, String instance, long seed) {
    var random = new Random(31 * seed + instance.hashCode());
    var drawn = EnumSet.noneOf(Doubt.class);
    Stream.of(values()).filter(each -> random.nextBoolean() && each.isOf(kind)).forEach(drawn::add);
    return drawn;
  }
}
