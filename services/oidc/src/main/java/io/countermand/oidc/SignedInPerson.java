package io.countermand.oidc;

import java.util.List;

/**
 * Whom an ID token names.
 *
 * @param subject the issuer's name of that person, which stays; not blank
 * @param name for records, in Unicode's form NFC; without spaces and colons
 * @param roles any words; empty: it names none
 */
public record SignedInPerson(String subject, String name, List<String> roles) {

  public SignedInPerson {
    roles = List.copyOf(roles);
  }
}
