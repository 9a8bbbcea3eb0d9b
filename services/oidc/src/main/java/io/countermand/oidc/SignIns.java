package io.countermand.oidc;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Has people sign in at an issuer: OpenID Connect Core 1.0, the authorization code flow, with PKCE
 * (RFC 7636, S256). Keeps nothing of anybody: whoever asks keeps state, nonce and verifier.
 * Thread-safe.
 */
public final class SignIns implements AutoCloseable {

  private static final Set<String> TYPES = Set.of("jwt");
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_.-]{1,100}");

  private final ClientSettings settings;
  private final Issuer issuer;
  private final IssuerKeys keys;
  private final IssuerTokens tokens;
  private final IssuerTokens.Kind kind;
  private final InstantSource clock;

  /**
   * What one who is sent to the issuer takes along.
   *
   * @param redirect where he is to come back to, as the issuer knows it
   * @param state that he brings back
   * @param nonce that his ID token must have
   * @param challenge of PKCE, by S256
   */
  public record Ask(URI redirect, String state, String nonce, String challenge) {}

  /**
   * What one who came back is asked about.
   *
   * @param redirect the same as he was sent with
   * @param nonce the same
   * @param verifier that the challenge was made of
   */
  public record Back(URI redirect, String nonce, String code, String verifier) {}

  SignIns(ClientSettings settings, InstantSource clock, LongSupplier nanos) {
    this.settings = settings;
    this.clock = clock;
    this.issuer = new Issuer(settings);
    this.keys = new IssuerKeys(settings.issuer(), issuer::keys, settings.keepKeys(), nanos);
    this.tokens = new IssuerTokens(settings.issuer(), keys, clock);
    this.kind =
        new IssuerTokens.Kind(
            settings.clientId(),
            TYPES,
            "its typ is no ID token's: JWT, or none",
            "it is for another client (aud)");
  }

  /** Asks the issuer in the background; that it is away is told in the log, and no failure. */
  public static SignIns open(ClientSettings settings) {
    var signIns = new SignIns(settings, InstantSource.system(), System::nanoTime);
    signIns.keys.start();
    return signIns;
  }

  public String issuer() {
    return settings.issuer();
  }

  /**
   * Where to send who wants to sign in.
   *
   * @throws IssuerException if the issuer did not say yet where, or its keys are not here
   */
  public URI address(Ask ask) throws IssuerException {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("response_type", "code");
    query.put("client_id", settings.clientId());
    query.put("redirect_uri", ask.redirect().toString());
    query.put("scope", settings.scopes());
    query.put("state", ask.state());
    query.put("nonce", ask.nonce());
    query.put("code_challenge", ask.challenge());
    query.put("code_challenge_method", "S256");
    URI endpoint = issuer.endpoint(described(), "authorization_endpoint");
    return URI.create(endpoint + (endpoint.getRawQuery() == null ? "?" : "&") + encoded(query));
  }

  /**
   * Whether an answer that names that issuer is of this one (RFC 9207).
   *
   * @param iss null: it names none
   */
  public boolean ours(@Nullable String iss) throws IssuerException {
    return iss == null
        ? !Boolean.TRUE.equals(described().get("authorization_response_iss_parameter_supported"))
        : settings.issuer().equals(iss);
  }

  private Map<String, Object> described() throws IssuerException {
    Map<String, Object> told = issuer.described();
    if (told.isEmpty() || !keys.usable()) {
      String failure = keys.failure();
      throw new IssuerException(
          failure == null ? settings.issuer() + " has not been asked yet, or has no keys" : failure,
          null);
    }
    return told;
  }

  /**
   * Who came back with that code.
   *
   * @throws InvalidToken if the issuer does not take the code, or its ID token does not hold
   * @throws IssuerException if nobody can know now
   */
  public SignedInPerson redeem(Back back)
      throws InvalidToken, IssuerException, InterruptedException {
    Map<String, Object> told = described();
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "authorization_code");
    form.put("code", back.code());
    form.put("redirect_uri", back.redirect().toString());
    form.put("code_verifier", back.verifier());
    String login = login(told, form);
    URI endpoint = issuer.endpoint(told, "token_endpoint");
    Issuer.Answer answer = issuer.post(endpoint, encoded(form), login);
    Map<String, Object> said;
    try {
      said = JsonUtil.parseJson(answer.body());
    } catch (JoseException e) {
      throw new IssuerException(endpoint + " answered " + answer.status() + ", and no JSON", e);
    }
    if (answer.status() != 200) {
      String error = error(said.get("error"));
      String why = "the issuer does not take the code (" + answer.status() + " " + error + ")";
      if (answer.status() >= 500 || error.equals("invalid_client")) {
        throw new IssuerException(endpoint + ": " + why, null);
      }
      throw new InvalidToken(why);
    }
    if (!(said.get("id_token") instanceof String token)) {
      throw new InvalidToken("the issuer gave no ID token; do console.oidc.scopes have openid?");
    }
    return person(token, back.nonce());
  }

  /**
   * How it says who it is, as the issuer wants it: by HTTP Basic, or else in the form.
   *
   * @return for the header Authorization; empty: none
   */
  private String login(Map<String, Object> told, Map<String, String> form) {
    if (settings.clientSecret().isEmpty()) {
      form.put("client_id", settings.clientId());
      return "";
    }
    if (told.get("token_endpoint_auth_methods_supported") instanceof List<?> ways
        && ways.contains("client_secret_post")
        && !ways.contains("client_secret_basic")) {
      form.put("client_id", settings.clientId());
      form.put("client_secret", settings.clientSecret());
      return "";
    }
    String pair = encoded(settings.clientId()) + ":" + encoded(settings.clientSecret());
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private SignedInPerson person(String token, String nonce) throws InvalidToken, IssuerException {
    JwtClaims claims = tokens.check(token, kind);
    if (claims.getClaimValue("typ") instanceof String type && !type.equalsIgnoreCase("id")) {
      throw new InvalidToken("its claim 'typ' says that it is no ID token"); // Keycloak's
    }
    if (claims.hasClaim("events")) {
      throw new InvalidToken("it has 'events', so it is no ID token");
    }
    if (!nonce.equals(claims.getClaimValue("nonce"))) {
      throw new InvalidToken("it is of another sign-in (nonce)");
    }
    shouldBeGivenToUs(claims);
    shouldBeGivenByNow(claims);
    return new SignedInPerson(
        claims.getClaimValueAsString("sub"),
        IssuerTokens.name(claims, settings.nameClaim()),
        IssuerTokens.words(claims, settings.rolesClaim()));
  }

  /** Where it is for several, {@code azp} must say that it was given to us. */
  private void shouldBeGivenToUs(JwtClaims claims) throws InvalidToken {
    Object party = claims.getClaimValue("azp");
    try {
      if (party == null ? claims.getAudience().size() > 1 : !settings.clientId().equals(party)) {
        throw new InvalidToken("it was given to another client (azp)");
      }
    } catch (MalformedClaimException e) {
      throw new InvalidToken("its aud is malformed");
    }
  }

  private void shouldBeGivenByNow(JwtClaims claims) throws InvalidToken {
    try {
      var issued = claims.getIssuedAt();
      long latest = clock.instant().getEpochSecond() + IssuerTokens.SKEW_SECONDS;
      if (issued == null || issued.getValue() > latest) {
        throw new InvalidToken("it was not issued by now (iat); are the clocks right?");
      }
    } catch (MalformedClaimException e) {
      throw new InvalidToken("its iat is no number");
    }
  }

  private static String encoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(each -> each.getKey() + "=" + encoded(each.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** An error's code that an answer brought, or words of ours where it is none (RFC 6749). */
  public static String error(@Nullable Object given) {
    return given instanceof String text && CODE.matcher(text).matches()
        ? text
        : "an error without a code";
  }

  @Override
  public void close() {
    keys.close();
    issuer.close();
  }
}
