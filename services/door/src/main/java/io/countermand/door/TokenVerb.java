package io.countermand.door;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a token allows; the names stand in the token file. */
enum TokenVerb {
  /** To publish cancels. */
  CANCEL("cancel orders of this account"),
  /** To see outcomes, orders and reports of mass cancels. */
  READ("see orders of this account"),
  /** To publish mass cancels, and to fire kill switches. */
  MASS_CANCEL("mass cancel in this scope"),
  /** To take kill switches off. */
  RELEASE("release kill switches");

  private final String deed;

  TokenVerb(String deed) {
    this.deed = deed;
  }

  /** In words, after "may". */
  String deed() {
    return deed;
  }

  /** As in the file. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * @throws IllegalArgumentException if there is none of that name
   */
  static TokenVerb of(String label) {
    return Arrays.stream(values())
        .filter(each -> each.label().equalsIgnoreCase(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no verb '"
                        + label
                        + "'; there are "
                        + Arrays.stream(values())
                            .map(TokenVerb::label)
                            .collect(Collectors.joining(", "))));
  }
}
