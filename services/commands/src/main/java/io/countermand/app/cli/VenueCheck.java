package io.countermand.app.cli;

import io.countermand.app.config.Config;
import org.jspecify.annotations.Nullable;

/** Whether a cancel can have a desk. */
public final class VenueCheck {

  private VenueCheck() {}

  /** Null: none. A configuration that names no venue at all cannot tell. */
  public static @Nullable String problem(Config config, String venue) {
    return config.venues().isEmpty() || config.venues().containsKey(venue)
        ? null
        : "no venue '"
            + venue
            + "' is configured; there are "
            + String.join(", ", config.venues().keySet());
  }
}
