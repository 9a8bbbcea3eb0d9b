package io.countermand.door.oidc;

import java.security.PublicKey;
import java.text.Normalizer;
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
import org.jose4j.jwt.MalformedClaimException;
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

  /** What ID tokens, logout tokens and security events have, and no access token. */
  private static final List<String> REFUSED_CLAIMS =
      List.of("nonce", "at_hash", "c_hash", "s_hash", "events");

  /** Keycloak tells by a claim {@code typ} what a token is, and signs all with the same keys. */
  private static final Set<String> OTHER_TYPES = Set.of("id", "refresh", "offline", "logout");

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
    shouldBeAccess(claims);
    if (claims.hasClaim("cnf")) {
      throw new InvalidToken("it is bound to a key (cnf), which the door cannot check");
    }
    shouldEndSoon(claims);
    String subject = claims.getClaimValueAsString("sub");
    if (subject.isBlank()) {
      throw new InvalidToken("it names nobody (sub is empty)");
    }
    return new SignedToken(
        subject,
        name(claims),
        words(claims, settings.verbsClaim()),
        words(claims, settings.accountsClaim()));
  }

  /** An ID token, too, is signed by the issuer, and its {@code aud} may be the door's. */
  private static void shouldBeAccess(JwtClaims claims) throws InvalidToken {
    for (String name : REFUSED_CLAIMS) {
      if (claims.hasClaim(name)) {
        throw new InvalidToken("it has '" + name + "', so it is no access token");
      }
    }
    if (claims.getClaimValue("typ") instanceof String type
        && OTHER_TYPES.contains(type.toLowerCase(Locale.ROOT))) {
      throw new InvalidToken("its claim 'typ' says that it is no access token");
    }
  }

  private void shouldEndSoon(JwtClaims claims) throws InvalidToken {
    long seconds = settings.longestLife().toSeconds();
    long latest = clock.instant().getEpochSecond() + seconds + SKEW_SECONDS;
    try {
      if (claims.getExpirationTime().getValue() > latest) {
        throw new InvalidToken(
            "it holds for too long (exp): door.oidc.longest-life is " + seconds + " s from now");
      }
    } catch (MalformedClaimException e) {
      throw new InvalidToken("its exp is no number");
    }
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
