package io.countermand.oidc;

import java.util.List;

/**
 * What a token says whose signature holds.
 *
 * @param subject the issuer's name of its bearer, which stays; not blank
 * @param name for records, in Unicode's form NFC; without spaces and colons
 * @param verbs any words; empty: it names none
 * @param accounts the same
 */
public record SignedToken(String subject, String name, List<String> verbs, List<String> accounts) {}
