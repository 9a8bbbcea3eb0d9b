package io.countermand.console.access;

import java.util.Set;

/**
 * Who can sign in.
 *
 * @param name for records; one that an issuer gave begins with {@link #ISSUERS}, which no name of
 *     the file does
 * @param hash of the password, by bcrypt; empty: an issuer says who it is
 * @param person the same for whatever names somebody has had
 */
record ConsoleUser(String name, Set<UserRole> roles, String hash, String person) {

  static final String ISSUERS = "oidc:";

  ConsoleUser {
    roles = Set.copyOf(roles);
  }

  /** Of the file. */
  ConsoleUser(String name, Set<UserRole> roles, String hash) {
    this(name, roles, hash, name);
  }

  /**
   * Of an issuer.
   *
   * @param name as the issuer has it, without colons
   * @param subject the issuer's own name, which stays
   */
  static ConsoleUser ofIssuer(String name, Set<UserRole> roles, String subject) {
    return new ConsoleUser(ISSUERS + name, roles, "", ISSUERS + subject);
  }

  @Override
  public String toString() {
    return "ConsoleUser[" + name + ", " + roles + "]";
  }
}
