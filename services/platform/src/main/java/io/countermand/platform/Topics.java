package io.countermand.platform;

import java.util.regex.Pattern;

/** Names of the topics. */
public final class Topics {

  public static final String INTENTS = "cancel-intents";
  public static final String ORDER_EVENTS = "order-events";
  public static final String ORDER_STATES = "order-states";
  public static final String PROGRESS = "cancel-progress";
  public static final String OUTCOMES = "cancel-outcomes";
  public static final String DEAD_LETTERS = "dead-letters";

  /** Until when each venue instance is not to be called; few records, one partition. */
  public static final String PAUSES = "venue-pauses";

  private static final Pattern VENUE = Pattern.compile("[a-z0-9-]{1,100}");

  private Topics() {}

  /** First attempts at a venue. */
  public static String requests(String venue) {
    return "cancel-requests." + valid(venue);
  }

  /** Later attempts at a venue, and status queries. */
  public static String retries(String venue) {
    return "cancel-retries." + valid(venue);
  }

  private static String valid(String venue) {
    if (!VENUE.matcher(venue).matches()) {
      throw new IllegalArgumentException(
          "Venue name '" + venue + "': 1 to 100 of lower case letters, digits and '-'.");
    }
    return venue;
  }
}
