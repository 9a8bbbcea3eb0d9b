package io.countermand.console.access;

import java.util.Set;

/**
 * Who can sign in.
 *
 * @param hash of the password, by bcrypt
 */
record ConsoleUser(String name, Set<UserRole> roles, String hash) {

  ConsoleUser {
    roles = Set.copyOf(roles);
  }

  @Override
  public String toString() {
    return "ConsoleUser[" + name + ", " + roles + "]";
  }
}
