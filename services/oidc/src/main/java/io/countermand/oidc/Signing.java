package io.countermand.oidc;

import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jspecify.annotations.Nullable;

/**
 * The signatures that count, each with a key pair. No HMAC: its secret could be the public key,
 * which everybody has; and never {@code none}.
 */
enum Signing {
  RS256("RS256"),
  PS256("PS256"),
  ES256("ES256"),
  EDDSA("EdDSA");

  static final AlgorithmConstraints ALLOWED =
      new AlgorithmConstraints(
          AlgorithmConstraints.ConstraintType.PERMIT,
          Arrays.stream(values()).map(Signing::label).toArray(String[]::new));

  /** Bits of an RSA key (RFC 7518). */
  private static final int LEAST_BITS = 2_048;

  private final String label;

  Signing(String label) {
    this.label = label;
  }

  /** As in the header {@code alg}. */
  String label() {
    return label;
  }

  /** Null: not allowed here. */
  static @Nullable Signing of(@Nullable Object alg) {
    return Arrays.stream(values()).filter(each -> each.label.equals(alg)).findFirst().orElse(null);
  }

  /** Whether the key is one of this kind, long enough, and meant for signatures. */
  boolean fits(JsonWebKey key) {
    boolean kind =
        switch (this) {
          case RS256, PS256 -> key instanceof RsaJsonWebKey rsa && longEnough(rsa);
          case ES256 ->
              key instanceof EllipticCurveJsonWebKey curve && curve.getCurveName().equals("P-256");
          case EDDSA ->
              key instanceof OctetKeyPairJsonWebKey curve && curve.getSubtype().equals("Ed25519");
        };
    return kind
        && (key.getAlgorithm() == null || key.getAlgorithm().equals(label))
        && (key.getUse() == null || key.getUse().equals("sig"))
        && (key.getKeyOps() == null || key.getKeyOps().contains("verify"));
  }

  private static boolean longEnough(RsaJsonWebKey key) {
    return key.getPublicKey() instanceof RSAPublicKey open
        && open.getModulus().bitLength() >= LEAST_BITS;
  }
}
