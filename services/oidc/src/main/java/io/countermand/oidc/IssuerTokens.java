package io.countermand.oidc;

import java.security.PublicKey;
import java.text.Normalizer;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jose4j.json.JsonUtil;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * What holds for all tokens of one issuer, whatever they are for: JWTs (RFC 7519) with a signature
 * of a key that it shows, for whom they are, and until when. Thread-safe.
 */
final class IssuerTokens {

  /** Longer ones are not looked at. */
  static final int LONGEST = 8 * 1024;

  static final int SKEW_SECONDS = 30;

  /** What changes the meaning of the rest, and what no issuer of such tokens needs. */
  private static final List<String> REFUSED_HEADERS = List.of("crit", "b64", "cty", "zip");

  /** Letters and marks that nobody sees: Default_Ignorable_Code_Point of Unicode. */
  private static final String UNSEEN =
      "\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180d\\u180f\\u3164\\ufe00-\\ufe0f\\uffa0"
          + "\\x{e0100}-\\x{e01ef}";

  /** Letters that look like a colon. */
  private static final String COLONS = "\\u02d0\\u02d1\\ua4fd";

  /**
   * A name stands in records before a colon and a space, and {@code console:NAME} is a user of the
   * console; so neither a space nor a colon is in it, nor what nobody sees.
   */
  private static final Pattern NAME =
      Pattern.compile(
          "(?!\\p{M})[\\x21-\\x7e\\p{L}\\p{N}\\p{M}&&[^:" + UNSEEN + COLONS + "]]{1,128}");

  private final String issuer;
  private final IssuerKeys keys;
  private final InstantSource clock;

  /**
   * A kind of token.
   *
   * @param audience that {@code aud} must name
   * @param types that the header's {@code typ} may be, in small letters
   * @param otherType why another does not hold
   * @param otherAudience the same of {@code aud}
   */
  record Kind(String audience, Set<String> types, String otherType, String otherAudience) {}

  IssuerTokens(String issuer, IssuerKeys keys, InstantSource clock) {
    this.issuer = issuer;
    this.keys = keys;
    this.clock = clock;
  }

  /** Whether it has a JWT's three parts, of whomever. */
  static boolean looksSigned(String token) {
    return token.chars().filter(c -> c == '.').count() == 2;
  }

  /** Whether it says that it is of this issuer; nothing of it has been checked. */
  boolean concerns(String token) {
    if (token.length() > LONGEST || !looksSigned(token)) {
      return false;
    }
    try {
      return issuer.equals(JsonUtil.parseJson(parsed(token).getUnverifiedPayload()).get("iss"));
    } catch (JoseException e) {
      return false;
    }
  }

  /**
   * What it says, if its signature holds, and who it is of, for whom and until when.
   *
   * @throws InvalidToken if it does not hold
   * @throws IssuerException if nobody can know now, as the issuer's keys are not here
   */
  JwtClaims check(String token, Kind kind) throws InvalidToken, IssuerException {
    if (token.length() > LONGEST) {
      throw new InvalidToken("it is longer than " + LONGEST + " characters");
    }
    if (!looksSigned(token)) {
      throw new InvalidToken("it is no signed JWT");
    }
    JwtClaims claims = claims(token, key(token, kind), kind);
    if (claims.getClaimValueAsString("sub").isBlank()) {
      throw new InvalidToken("it names nobody (sub is empty)");
    }
    return claims;
  }

  private PublicKey key(String token, Kind kind) throws InvalidToken, IssuerException {
    Map<String, Object> header;
    try {
      header = JsonUtil.parseJson(parsed(token).getHeaders().getFullHeaderAsJsonString());
    } catch (JoseException e) {
      throw new InvalidToken("its header is none");
    }
    for (String name : REFUSED_HEADERS) {
      if (header.containsKey(name)) {
        throw new InvalidToken("its header has '" + name + "', which is not allowed here");
      }
    }
    Signing signing = Signing.of(header.get("alg"));
    if (signing == null) {
      throw new InvalidToken(
          "its alg is not allowed; allowed are "
              + Arrays.stream(Signing.values()).map(Signing::label).toList());
    }
    Object type = header.get("typ");
    if (type != null
        && !(type instanceof String text && kind.types().contains(text.toLowerCase(Locale.ROOT)))) {
      throw new InvalidToken(kind.otherType());
    }
    Object kid = header.get("kid");
    if (kid != null && !(kid instanceof String)) {
      throw new InvalidToken("its kid is no string");
    }
    return keys.find((String) kid, signing);
  }

  private static JsonWebSignature parsed(String token) throws JoseException {
    var jws = new JsonWebSignature();
    jws.setCompactSerialization(token);
    return jws;
  }

  private JwtClaims claims(String token, PublicKey key, Kind kind) throws InvalidToken {
    try {
      return new JwtConsumerBuilder()
          .setVerificationKey(key)
          .setJwsAlgorithmConstraints(Signing.ALLOWED)
          .setExpectedIssuer(true, issuer)
          .setExpectedAudience(true, kind.audience())
          .setRequireSubject()
          .setRequireExpirationTime()
          .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
          .setAllowedClockSkewInSeconds(SKEW_SECONDS)
          .build()
          .processToClaims(token);
    } catch (InvalidJwtException e) {
      throw new InvalidToken(why(e, kind)); // without its words, which repeat the claims
    }
  }

  private static String why(InvalidJwtException e, Kind kind) {
    if (e.hasErrorCode(ErrorCodes.SIGNATURE_INVALID)) {
      return "its signature does not hold";
    } else if (e.hasErrorCode(ErrorCodes.EXPIRED)) {
      return "it has ended (exp); get a new one";
    } else if (e.hasErrorCode(ErrorCodes.EXPIRATION_MISSING)) {
      return "it never ends (no exp)";
    } else if (e.hasErrorCode(ErrorCodes.NOT_YET_VALID)) {
      return "it does not hold yet (nbf); are the clocks right?";
    } else if (e.hasErrorCode(ErrorCodes.AUDIENCE_INVALID)
        || e.hasErrorCode(ErrorCodes.AUDIENCE_MISSING)) {
      return kind.otherAudience();
    } else if (e.hasErrorCode(ErrorCodes.ISSUER_INVALID)
        || e.hasErrorCode(ErrorCodes.ISSUER_MISSING)) {
      return "it is of another issuer (iss)";
    } else if (e.hasErrorCode(ErrorCodes.SUBJECT_MISSING)) {
      return "it names nobody (no sub)";
    }
    return "it is malformed, or one of its claims is";
  }

  /** Its bearer's name, in Unicode's form NFC. */
  static String name(JwtClaims claims, String claim) throws InvalidToken {
    if (claims.getClaimValue(claim) instanceof String given) {
      String name = Normalizer.normalize(given, Normalizer.Form.NFC);
      if (NAME.matcher(name).matches()) {
        return name;
      }
    }
    throw new InvalidToken(
        "its claim '"
            + claim
            + "' is no name: 1 to 128 letters, digits and signs that are seen, without spaces and"
            + " colons");
  }

  /** Of a string with spaces, or an array of strings; empty: there is no such claim. */
  static List<String> words(JwtClaims claims, String name) throws InvalidToken {
    @Nullable Object value = claims.getClaimValue(name);
    if (value == null) {
      return List.of();
    }
    if (value instanceof String text) {
      return Arrays.stream(text.split(" ", -1)).filter(each -> !each.isEmpty()).toList();
    }
    if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String.class::cast).toList();
    }
    throw new InvalidToken("its claim '" + name + "' is neither a string nor an array of strings");
  }
}
