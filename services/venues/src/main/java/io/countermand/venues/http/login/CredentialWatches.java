package io.countermand.venues.http.login;

import io.countermand.venues.CredentialWatch;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.http.transport.Scrubber;

/** What every adapter does when its credentials change. */
public final class CredentialWatches {

  private CredentialWatches() {}

  /**
   * The new ones are scrubbed before they are used; then a pause that was about the old ones ends.
   *
   * @param changed runs after that; must not block
   */
  public static CredentialWatch of(VenueSettings settings, Scrubber scrubber, Runnable changed) {
    return new CredentialWatch(
        settings.credentials(),
        scrubber::keep,
        () -> {
          settings.governor().replaced(settings.credentials().now());
          changed.run();
        });
  }
}
