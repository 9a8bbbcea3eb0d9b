package io.countermand.console.access;

import io.countermand.oidc.ClientSettings;
import java.util.Set;

/**
 * People who sign in at an OpenID Connect issuer.
 *
 * @param names who may, of those that have a role; empty: each of them
 */
public record IssuerUsers(ClientSettings client, Set<String> names) {

  public IssuerUsers {
    names = Set.copyOf(names);
  }
}
