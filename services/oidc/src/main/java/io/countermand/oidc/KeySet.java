package io.countermand.oidc;

import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** An issuer's keys, those that a signature can be checked with. Immutable. */
final class KeySet {

  private final List<JsonWebKey> keys;

  private KeySet(List<JsonWebKey> keys) {
    this.keys = keys;
  }

  /**
   * @param json a JWK set (RFC 7517); keys of other kinds, and short ones, are left out
   * @throws JoseException if it is none
   */
  static KeySet parse(String json) throws JoseException {
    return new KeySet(
        new JsonWebKeySet(json)
            .getJsonWebKeys().stream()
                .filter(key -> Arrays.stream(Signing.values()).anyMatch(each -> each.fits(key)))
                .toList());
  }

  /**
   * Each once, however often the issuer shows it. A token can be checked if there is one only.
   *
   * @param kid null: the token names none
   */
  List<PublicKey> fitting(@Nullable String kid, Signing signing) {
    return keys.stream()
        .filter(signing::fits)
        .filter(key -> kid == null || Objects.equals(key.getKeyId(), kid))
        .map(key -> (PublicKey) key.getKey())
        .distinct()
        .toList();
  }

  int size() {
    return keys.size();
  }
}
