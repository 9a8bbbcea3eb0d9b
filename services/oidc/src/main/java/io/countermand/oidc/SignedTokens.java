package io.countermand.oidc;

import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;

/** Checks access tokens of one issuer. Thread-safe. */
public final class SignedTokens implements AutoCloseable {

  /** Longer ones are not looked at. */
  static final int LONGEST = IssuerTokens.LONGEST;

  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

  /** What ID tokens, logout tokens and security events have, and no access token. */
  private static final List<String> REFUSED_CLAIMS =
      List.of("nonce", "at_hash", "c_hash", "s_hash", "events");

  /** Keycloak tells by a claim {@code typ} what a token is, and signs all with the same keys. */
  private static final Set<String> OTHER_TYPES = Set.of("id", "refresh", "offline", "logout");

  private final OidcSettings settings;
  private final Issuer issuer;
  private final IssuerKeys keys;
  private final InstantSource clock;
  private final IssuerTokens tokens;
  private final IssuerTokens.Kind kind;

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
    this.keys =
        new IssuerKeys(
            settings.issuer(), issuer::keys, settings.keepKeys(), settings.askAgain(), nanos);
    this.tokens = new IssuerTokens(settings.issuer(), keys, clock);
    this.kind =
        new IssuerTokens.Kind(
            settings.audience(),
            TYPES,
            "its typ is no access token's: at+jwt, JWT, or none",
            "it is not for this door (aud); ask the issuer for door.oidc.audience");
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
    return IssuerTokens.looksSigned(token);
  }

  /** Whether it says that it is of this issuer; nothing of it has been checked. */
  public boolean concerns(String token) {
    return tokens.concerns(token);
  }

  /**
   * @throws InvalidToken if it does not hold
   * @throws IssuerException if nobody can know now, as its keys are not here
   */
  public SignedToken check(String token) throws InvalidToken, IssuerException {
    JwtClaims claims = tokens.check(token, kind);
    shouldBeAccess(claims);
    if (claims.hasClaim("cnf")) {
      throw new InvalidToken("it is bound to a key (cnf), which the door cannot check");
    }
    shouldEndSoon(claims);
    return new SignedToken(
        claims.getClaimValueAsString("sub"),
        IssuerTokens.name(claims, settings.nameClaim()),
        IssuerTokens.words(claims, settings.verbsClaim()),
        IssuerTokens.words(claims, settings.accountsClaim()));
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
    long latest = clock.instant().getEpochSecond() + seconds + IssuerTokens.SKEW_SECONDS;
    try {
      if (claims.getExpirationTime().getValue() > latest) {
        throw new InvalidToken(
            "it holds for too long (exp): door.oidc.longest-life is " + seconds + " s from now");
      }
    } catch (MalformedClaimException e) {
      throw new InvalidToken("its exp is no number");
    }
  }

  @Override
  public void close() {
    keys.close();
    issuer.close();
  }
}
