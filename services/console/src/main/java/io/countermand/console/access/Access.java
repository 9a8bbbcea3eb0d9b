// Over 300 lines: all ways in and out by one set of sessions; most is what each may throw and why.
package io.countermand.console.access;

import io.countermand.oidc.IssuerException;
import io.github.bucket4j.TimeMeter;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HttpStatus;
import io.javalin.http.NotFoundResponse;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows who is signed in, signs people in and out, and takes no post that another page made.
 * Passwords and ids of sessions stand in no log and no exception. Thread-safe.
 */
public final class Access implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Access.class);

  /** Fields of forms. */
  public static final String TOKEN = "csrf";

  private static final String NAME = "name";
  private static final String PASSWORD = "password";

  private static final int LONGEST_NAME = 64;

  /** Hashes at once: the machine has other work. */
  private static final int HASHING = 2;

  private static final long HASHING_WITHIN_SECONDS = 5;

  private final AccessSettings settings;
  private final @Nullable UserFile users;
  private final @Nullable IssuerAccess issuer;
  private final Cookies cookies;
  private final Sessions sessions;
  private final SignInLimits attempts = new SignInLimits(TimeMeter.SYSTEM_NANOTIME);
  private final Semaphore hashing = new Semaphore(HASHING);

  /** What became of a try to sign in. */
  public enum Answer {
    IN,
    WRONG,
    TOO_OFTEN,
    BUSY
  }

  /**
   * @throws IllegalStateException that says what is wrong with the file of users
   */
  public Access(AccessSettings settings) {
    this.settings = settings;
    this.cookies = new Cookies(settings.secure());
    this.users = settings.users() == null ? null : UserFile.read(settings.users());
    this.issuer =
        settings.issuer() == null
            ? null
            : new IssuerAccess(settings.issuer(), settings.origin(), cookies, attempts);
    this.sessions = new Sessions(settings.idle(), settings.longest(), System::nanoTime);
  }

  /**
   * Notes who asks, for {@link SignedInUser#of}.
   *
   * @param use whether somebody did something, and not an open page by itself
   */
  public void recognise(Context request, boolean use) {
    find(request, use).ifPresent(each -> each.in(request));
  }

  /** Whether he who asked is signed in still, for an answer that takes long. */
  public boolean still(Context request) {
    return find(request, false).isPresent();
  }

  private Optional<SignedInUser> find(Context request, boolean use) {
    String id = cookies.get(request, "session");
    if (id == null) {
      return Optional.empty();
    }
    return sessions
        .find(id, use)
        .flatMap(
            session ->
                current(session.user())
                    .map(
                        user ->
                            new SignedInUser(
                                user.name(),
                                user.roles(),
                                session.csrf(),
                                address(request),
                                user.person())));
  }

  /** What the file says of him now; what the issuer said of him holds as long as his session. */
  private Optional<ConsoleUser> current(ConsoleUser then) {
    if (then.hash().isEmpty()) {
      return Optional.of(then);
    }
    return users == null
        ? Optional.empty()
        : users.find(then.name()).filter(user -> user.hash().equals(then.hash()));
  }

  /**
   * Whether somebody who was signed in once may do that still, as far as is known: by the file as
   * it is now. An issuer is not asked, so its people may.
   *
   * @param person as {@link SignedInUser#person()}
   */
  public boolean may(UserRole role, String person) {
    return person.startsWith(ConsoleUser.ISSUERS)
        || (users != null
            && users.find(person).filter(user -> user.roles().contains(role)).isPresent());
  }

  /**
   * Whether a page of ours made this post, as far as the browser tells.
   *
   * @throws ForbiddenResponse if not
   */
  public void shouldComeFromOurPage(Context request) {
    OurPages.shouldHaveMade(request, settings.origin());
  }

  /**
   * Whether the form is of a page that was made for him who sends it.
   *
   * @throws ForbiddenResponse if not
   */
  public static void shouldHaveToken(Context request, SignedInUser visitor) {
    shouldBe(visitor.csrf(), request);
  }

  private static void shouldBe(@Nullable String token, Context request) {
    String sent = request.formParam(TOKEN);
    if (token == null || sent == null || !Sessions.same(token, sent)) {
      throw new ForbiddenResponse("This form is not of a page of this session; open it again.");
    }
  }

  /** For the form of who is not signed in yet; his browser keeps the same. */
  public String formToken(Context request) {
    String known = cookies.get(request, "form");
    if (known != null && known.length() == Sessions.secret().length()) {
      return known; // another window of his may show it
    }
    String token = Sessions.secret();
    cookies.set(request, "form", token);
    return token;
  }

  /**
   * Signs in whom the form names, under a new id.
   *
   * @throws ForbiddenResponse if the form is not of a page of ours
   */
  public Answer signIn(Context request) throws InterruptedException {
    shouldBe(cookies.get(request, "form"), request);
    if (users == null) {
      throw new ForbiddenResponse("Nobody signs in by a password here.");
    }
    String name =
        Optional.ofNullable(request.formParam(NAME))
            .map(String::strip)
            .filter(each -> each.length() <= LONGEST_NAME) // it is kept for a while
            .orElse("");
    String password = Optional.ofNullable(request.formParam(PASSWORD)).orElse("");
    String address = address(request);
    Optional<ConsoleUser> user = users.find(name);
    if (!attempts.take(name, address)) {
      refused(user, address, Answer.TOO_OFTEN);
      return Answer.TOO_OFTEN;
    }
    if (!hashing.tryAcquire(HASHING_WITHIN_SECONDS, TimeUnit.SECONDS)) {
      attempts.giveBack(name, address);
      refused(user, address, Answer.BUSY);
      return Answer.BUSY;
    }
    boolean fits;
    try {
      fits = Passwords.fits(password, user.map(ConsoleUser::hash).orElseGet(users::decoy));
    } finally {
      hashing.release();
    }
    if (!fits || user.isEmpty()) {
      refused(user, address, Answer.WRONG);
      return Answer.WRONG;
    }
    attempts.succeeded(name, address);
    open(request, user.get());
    return Answer.IN;
  }

  /** Whether names and passwords of a file let people in. */
  public boolean byPassword() {
    return users != null;
  }

  /** Whose people may sign in there; empty: no issuer's. */
  public String issuer() {
    return issuer == null ? "" : issuer.name();
  }

  /**
   * What became of one who came back from the issuer.
   *
   * @param in whether he is signed in
   * @param to where he wanted to go
   * @param status of the answer
   * @param says why he is not signed in, for people
   */
  public record Arrival(boolean in, String to, int status, String says) {}

  /**
   * Sends who asks to the issuer. Whoever was signed in there is not any more: his session is not
   * told from the new one when he comes back.
   *
   * @param to a page of ours
   * @return null: he is sent; or why not
   * @throws NotFoundResponse if there is no issuer
   */
  public @Nullable Arrival leave(Context request, String to) {
    IssuerAccess elsewhere = elsewhere();
    try {
      URI address = elsewhere.begin(request, to);
      signOut(request);
      request.redirect(address.toString(), HttpStatus.SEE_OTHER);
      return null;
    } catch (IssuerException e) {
      return told(elsewhere.away(to, e));
    }
  }

  /**
   * Takes back who comes from the issuer, and signs him in under a new id if it says who he is.
   *
   * @throws NotFoundResponse if there is no issuer
   */
  public Arrival arrive(Context request) throws InterruptedException {
    IssuerAccess.Arrival arrival = elsewhere().end(request);
    ConsoleUser user = arrival.user();
    if (user != null) {
      open(request, user);
    }
    return told(arrival);
  }

  private static Arrival told(IssuerAccess.Arrival arrival) {
    return new Arrival(arrival.user() != null, arrival.to(), arrival.status(), arrival.says());
  }

  private IssuerAccess elsewhere() {
    if (issuer == null) {
      throw new NotFoundResponse("Nobody signs in at an issuer here.");
    }
    return issuer;
  }

  /** Of a name that nobody has it is not told: people type their passwords there. */
  private static void refused(Optional<ConsoleUser> user, String address, Answer why) {
    LOG.atWarn()
        .addKeyValue("user", user.map(ConsoleUser::name).orElse("(unknown)"))
        .addKeyValue("from", address)
        .addKeyValue("why", why)
        .log("sign-in refused");
  }

  public void signOut(Context request) {
    close(request);
    cookies.remove(request, "session");
  }

  /** Under a new id; the one before ends. Records have the name alone: the log says whose it is. */
  private void open(Context request, ConsoleUser user) {
    close(request);
    cookies.remove(request, "form");
    cookies.set(request, "session", sessions.open(user));
    LOG.atInfo()
        .addKeyValue("user", user.name())
        .addKeyValue("person", user.person())
        .addKeyValue("from", address(request))
        .log("signed in");
  }

  private void close(Context request) {
    String id = cookies.get(request, "session");
    if (id != null) {
      sessions.close(id);
    }
  }

  private static String address(Context request) {
    return request.req().getRemoteAddr();
  }

  @Override
  public void close() {
    if (issuer != null) {
      issuer.close();
    }
  }
}
