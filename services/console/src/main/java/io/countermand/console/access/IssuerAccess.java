package io.countermand.console.access;

import io.countermand.oidc.InvalidToken;
import io.countermand.oidc.IssuerException;
import io.countermand.oidc.SignIns;
import io.countermand.oidc.SignedInPerson;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import java.net.URI;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends people to an issuer to sign in, and takes them back. Codes, tokens and what browsers keep
 * stand in no log and no exception. Thread-safe.
 */
final class IssuerAccess implements AutoCloseable {

  /** Where the issuer sends them back to. */
  static final String CALLBACK = "/sign-in/oidc/callback";

  private static final Logger LOG = LoggerFactory.getLogger(IssuerAccess.class);
  private static final String KEPT = "oidc";
  private static final Pattern AUTHORITY = Pattern.compile("[A-Za-z0-9.\\[\\]:-]{1,300}");
  private static final int LONGEST_CODE = 4_096;
  private static final int LONGEST_WORDS = 300;

  /** The issuer is asked by so many at once: it is not for us to flood it. */
  private static final int ASKING = 8;

  private static final long ASKING_WITHIN_SECONDS = 5;

  private final IssuerUsers users;
  private final @Nullable URI origin;
  private final Cookies cookies;
  private final SignInLimits attempts;
  private final SignIns issuer;
  private final SignInJourneys journeys = new SignInJourneys(System::nanoTime);
  private final Semaphore asking = new Semaphore(ASKING);

  /**
   * Who came back.
   *
   * @param user null: he is not let in
   * @param to where he wanted to go
   * @param status of the answer
   * @param says why he is not let in, for people
   */
  record Arrival(@Nullable ConsoleUser user, String to, int status, String says) {

    static Arrival refused(String to, int status, String says) {
      return new Arrival(null, to, status, says);
    }
  }

  IssuerAccess(IssuerUsers users, @Nullable URI origin, Cookies cookies, SignInLimits attempts) {
    this.users = users;
    this.origin = origin;
    this.cookies = cookies;
    this.attempts = attempts;
    this.issuer = SignIns.open(users.client());
  }

  String name() {
    return issuer.issuer();
  }

  /**
   * Where to send who wants to sign in.
   *
   * @param to a page of ours
   * @throws IssuerException if the issuer is not known well enough now
   */
  URI begin(Context request, String to) throws IssuerException {
    SignInJourneys.Journey journey = journeys.begin(to);
    URI address =
        issuer.address(
            new SignIns.Ask(
                redirect(request), journey.state(), journey.nonce(), journey.challenge()));
    cookies.setLax(request, KEPT, journey.kept());
    return address;
  }

  /** As the browser calls us, which the shield has looked at: so it finds what it kept. */
  private URI redirect(Context request) {
    String host = String.valueOf(request.header("Host"));
    if (origin != null && host.equalsIgnoreCase(origin.getAuthority())) {
      return URI.create(origin + CALLBACK);
    }
    if (!Hosts.loopback(host) || !AUTHORITY.matcher(host).matches()) {
      throw new ForbiddenResponse("the console does not answer to that name");
    }
    return URI.create("http://" + host + CALLBACK);
  }

  Arrival end(Context request) throws InterruptedException {
    String address = request.req().getRemoteAddr();
    if (!attempts.takeFrom(address)) {
      return refused(
          address,
          Arrival.refused(
              "/", 429, "Too many tries failed. Wait half a minute, then sign in again."));
    }
    SignInJourneys.Journey journey =
        journeys.end(cookies.get(request, KEPT), request.queryParam("state")).orElse(null);
    if (journey == null) {
      return refused(
          address,
          Arrival.refused(
              "/",
              403,
              "This sign-in did not begin in this browser, took more than ten minutes, or is over."
                  + " Sign in again."));
    }
    cookies.remove(request, KEPT); // only now: another tab's sign-in may still be under way
    Arrival arrival = arrival(request, journey);
    if (arrival.user() != null || arrival.status() == 503) { // nobody tried anything
      attempts.giveBackFrom(address);
    }
    return arrival.user() == null ? refused(address, arrival) : arrival;
  }

  private Arrival arrival(Context request, SignInJourneys.Journey journey)
      throws InterruptedException {
    String to = journey.to();
    if (!asking.tryAcquire(ASKING_WITHIN_SECONDS, TimeUnit.SECONDS)) {
      return Arrival.refused(to, 503, "Too many sign in at once. Try again in a moment.");
    }
    try {
      if (!issuer.ours(request.queryParam("iss"))) {
        return Arrival.refused(to, 403, "This answer is of another issuer. Sign in again.");
      }
      String error = request.queryParam("error");
      if (error != null) {
        return Arrival.refused(
            to, 403, "The issuer says: " + SignIns.error(error) + words(request));
      }
      String code = request.queryParam("code");
      if (code == null || code.isEmpty() || code.length() > LONGEST_CODE) {
        return Arrival.refused(to, 403, "The issuer sent no code. Sign in again.");
      }
      return arrival(
          to,
          issuer.redeem(
              new SignIns.Back(redirect(request), journey.nonce(), code, journey.verifier())));
    } catch (InvalidToken e) {
      return Arrival.refused(to, 403, "That did not work: " + e.getMessage() + ".");
    } catch (IssuerException e) {
      return away(to, e);
    } finally {
      asking.release();
    }
  }

  /** What the issuer says more; empty: nothing. */
  private static String words(Context request) {
    String text = request.queryParam("error_description");
    return text == null || text.isBlank()
        ? ""
        : " (" + text.strip().substring(0, Math.min(text.strip().length(), LONGEST_WORDS)) + ")";
  }

  private Arrival arrival(String to, SignedInPerson person) {
    Set<UserRole> roles = EnumSet.noneOf(UserRole.class);
    Arrays.stream(UserRole.values())
        .filter(role -> person.roles().contains(role.label()))
        .forEach(roles::add);
    if (roles.isEmpty()) {
      return Arrival.refused(
          to, 403, person.name() + " has no role here: who keeps the issuer gives them.");
    }
    if (!users.names().isEmpty() && !users.names().contains(person.name())) {
      return Arrival.refused(
          to, 403, person.name() + " is none of those who may sign in here (console.oidc.names).");
    }
    return new Arrival(ConsoleUser.ofIssuer(person.name(), roles, person.subject()), to, 200, "");
  }

  /** To people without what the log says. */
  Arrival away(String to, IssuerException e) {
    LOG.atWarn()
        .addKeyValue("issuer", name())
        .addKeyValue("error", e.getMessage())
        .log("nobody can sign in at the issuer now");
    return Arrival.refused(
        to, 503, "The issuer cannot be asked now; the console's log says why. Try again later.");
  }

  private static Arrival refused(String address, Arrival arrival) {
    LOG.atWarn()
        .addKeyValue("from", address)
        .addKeyValue("status", arrival.status())
        .log("sign-in by the issuer refused");
    return arrival;
  }

  @Override
  public void close() {
    issuer.close();
  }
}
