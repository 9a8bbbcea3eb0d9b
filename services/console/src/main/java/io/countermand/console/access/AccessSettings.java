package io.countermand.console.access;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who has to sign in, and for how long he is.
 *
 * @param users the file of {@link UserFile}; null: none, so there is an issuer
 * @param issuer null: nobody signs in elsewhere
 * @param origin by which browsers reach the console through a proxy, as {@code
 *     https://console.example}; null: by this machine's own names alone
 * @param idle a session ends so long after its last use
 * @param longest a session ends so long after it began
 */
public record AccessSettings(
    @Nullable Path users,
    @Nullable IssuerUsers issuer,
    @Nullable URI origin,
    Duration idle,
    Duration longest) {

  /** Those of the file alone. */
  public AccessSettings(Path users, @Nullable URI origin, Duration idle, Duration longest) {
    this(users, null, origin, idle, longest);
  }

  /** Whether browsers come by TLS, so that cookies may go no other way. */
  public boolean secure() {
    return origin != null && "https".equals(origin.getScheme());
  }
}
