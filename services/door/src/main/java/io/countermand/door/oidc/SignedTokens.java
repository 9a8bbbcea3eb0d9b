package io.countermand.door.oidc;

import java.security.PublicKey;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
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
 * Checks tokens of one issuer: JWTs (RFC 7519) with a signature of a key that it shows.
 * Thread-safe.
 */
public final class SignedTokens implements AutoCloseable {

  /** Longer ones are not looked at. */
  static final int LONGEST = 8 * 1024;

  private static final int SKEW_SECONDS = 30;
  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

  /** What changes the meaning of the rest, and what no issuer of access tokens needs. */
  private static final List<String> REFUSED_HEADERS = List.of("crit", "b64", "cty", "zip");

  /** A name stands in records before a colon and a space; so no space is in it. */
  private static final Pattern NAME = Pattern.compile("[\\x21-\\x7e\\p{L}\\p{N}]{1,128}");

  private final OidcSettings settings;
  private final Issuer issuer;
  private final IssuerKeys keys;
  private final InstantSource clock;

  /**
   * Asks nothing yet.
   *
   * @param clock for the times in tokens
   * @param nanos for the age of keys
   */
  SignedTokens(OidcSettings settings, InstantSource clock, LongSupplier nanos) {
    this.settings = settings;
    this.clock = clock;
    this.issuer = new Issuer(settings);
    this.keys = new IssuerKeys(settings.issuer(), issuer::keys, settings.keepKeys(), nanos);
  }

  /** Asks the issuer in the background; that it is away is told in the log, and no failure. */
  public static SignedTokens open(OidcSettings settings) {
    var tokens = new SignedTokens(settings, InstantSource.system(), System::nanoTime);
    tokens.keys.start();
    return tokens;
  }

  /** Whether the issuer's keys are here. */
  public boolean ready() {
    return keys.usable();
  }

  public String issuer() {
    return settings.issuer();
  }

  /** Whether it has a JWT's three parts, of whomever. */
  public static boolean looksSigned(String token) {
    return token.chars().filter(c -> c == '.').count() == 2;
  }

  /** Whether it says that it is of this issuer; nothing of it has been checked. */
  public boolean concerns(String token) {
    if (token.length() > LONGEST || !looksSigned(token)) {
      return false;
    }
    try {
      return settings
          .issuer()
          .equals(JsonUtil.parseJson(parsed(token).getUnverifiedPayload()).get("iss"));
    } catch (JoseException e) {
      return false;
    }
  }

  /**
   * @throws InvalidToken if it does not hold
   * @throws IssuerException if nobody can know now, as its keys are not here
   */
  public SignedToken check(String token) throws InvalidToken, IssuerException {
    if (token.length() > LONGEST) {
      throw new InvalidToken("it is longer than " + LONGEST + " characters");
    }
    if (!looksSigned(token)) {
      throw new InvalidToken("it is no signed JWT");
    }
    JwtClaims claims = claims(token, key(token));
    if (claims.hasClaim("cnf")) {
      throw new InvalidToken("it is bound to a key (cnf), which the door cannot check");
    }
    return new SignedToken(
        claims.getClaimValueAsString("sub"),
        name(claims),
        words(claims, settings.verbsClaim()),
        words(claims, settings.accountsClaim()));
  }

  private PublicKey key(String token) throws InvalidToken, IssuerException {
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
        && !(type instanceof String text && TYPES.contains(text.toLowerCase(Locale.ROOT)))) {
      throw new InvalidToken("its typ is no access token's: at+jwt, JWT, or none");
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

  private JwtClaims claims(String token, PublicKey key) throws InvalidToken {
    try {
      return new JwtConsumerBuilder()
          .setVerificationKey(key)
          .setJwsAlgorithmConstraints(Signing.ALLOWED)
          .setExpectedIssuer(true, settings.issuer())
          .setExpectedAudience(true, settings.audience())
          .setRequireSubject()
          .setRequireExpirationTime()
          .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
          .setAllowedClockSkewInSeconds(SKEW_SECONDS)
          .build()
          .processToClaims(token);
    } catch (InvalidJwtException e) {
      throw new InvalidToken(why(e)); // without its words, which repeat the claims
    }
  }

  private static String why(InvalidJwtException e) {
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
      return "it is not for this door (aud); ask the issuer for door.oidc.audience";
    } else if (e.hasErrorCode(ErrorCodes.ISSUER_INVALID)
        || e.hasErrorCode(ErrorCodes.ISSUER_MISSING)) {
      return "it is of another issuer (iss)";
    } else if (e.hasErrorCode(ErrorCodes.SUBJECT_MISSING)) {
      return "it names nobody (no sub)";
    }
    return "it is malformed, or one of its claims is";
  }

  private String name(JwtClaims claims) throws InvalidToken {
    String claim = settings.nameClaim();
    if (claims.getClaimValue(claim) instanceof String name && NAME.matcher(name).matches()) {
      return name;
    }
    throw new InvalidToken(
        "its claim '" + claim + "' is no name: 1 to 128 letters, digits and signs, without spaces");
  }

  private static List<String> words(JwtClaims claims, String name) throws InvalidToken {
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

  @Override
  public void close() {
    keys.close();
    issuer.close();
  }
}
