package io.countermand.console.access;

import io.github.bucket4j.TimeMeter;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
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
public final class Access {

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
  private final UserFile users;
  private final Sessions sessions;
  private final Attempts attempts = new Attempts(TimeMeter.SYSTEM_NANOTIME);
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
    this.users = UserFile.read(settings.users());
    this.sessions = new Sessions(settings.idle(), settings.longest(), System::nanoTime);
  }

  /**
   * Notes who asks, for {@link Visitor#of}.
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

  private Optional<Visitor> find(Context request, boolean use) {
    String id = cookie(request, "session");
    if (id == null) {
      return Optional.empty();
    }
    return sessions
        .find(id, use)
        .flatMap(
            session ->
                users
                    .find(session.name())
                    .filter(user -> user.hash().equals(session.hash()))
                    .map(
                        user ->
                            new Visitor(
                                user.name(), user.roles(), session.csrf(), address(request))));
  }

  /**
   * Whether a page of ours made this post, as far as the browser tells.
   *
   * @throws ForbiddenResponse if not
   */
  public void shouldComeFromOurPage(Context request) {
    String site = request.header("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin")) {
      throw new ForbiddenResponse("This was not sent by a page of this console.");
    }
    String origin = request.header("Origin");
    if (origin == null ? site == null : !ours(origin, request)) {
      throw new ForbiddenResponse("This was sent by a page of another origin.");
    }
  }

  private boolean ours(String origin, Context request) {
    if (settings.origin() != null && origin.equals(settings.origin().toString())) {
      return true;
    }
    String host = String.valueOf(request.header("Host"));
    return Hosts.loopback(host) && origin.equals("http://" + host);
  }

  /**
   * Whether the form is of a page that was made for him who sends it.
   *
   * @throws ForbiddenResponse if not
   */
  public static void shouldHaveToken(Context request, Visitor visitor) {
    shouldBe(visitor.csrf(), request);
  }

  private static void shouldBe(@Nullable String token, Context request) {
    String sent = request.formParam(TOKEN);
    if (token == null || sent == null || !same(token, sent)) {
      throw new ForbiddenResponse("This form is not of a page of this session; open it again.");
    }
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  /** For the form of who is not signed in yet; his browser keeps the same. */
  public String formToken(Context request) {
    String known = cookie(request, "form");
    if (known != null && known.length() == Sessions.secret().length()) {
      return known; // another window of his may show it
    }
    String token = Sessions.secret();
    cookie(request, "form", token, false);
    return token;
  }

  /**
   * Signs in whom the form names, under a new id.
   *
   * @throws ForbiddenResponse if the form is not of a page of ours
   */
  public Answer signIn(Context request) throws InterruptedException {
    shouldBe(cookie(request, "form"), request);
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
    close(request);
    cookie(request, "form", "", true);
    cookie(request, "session", sessions.open(user.get()), false);
    LOG.atInfo().addKeyValue("user", name).addKeyValue("from", address).log("signed in");
    return Answer.IN;
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
    cookie(request, "session", "", true);
  }

  private void close(Context request) {
    String id = cookie(request, "session");
    if (id != null) {
      sessions.close(id);
    }
  }

  private static String address(Context request) {
    return request.req().getRemoteAddr();
  }

  private @Nullable String cookie(Context request, String name) {
    return request.cookie(cookieName(request, name));
  }

  private void cookie(Context request, String name, String value, boolean gone) {
    request
        .res()
        .addHeader(
            "Set-Cookie",
            cookieName(request, name)
                + "="
                + value
                + "; Path=/; HttpOnly; SameSite=Strict"
                + (settings.secure() ? "; Secure" : "")
                + (gone ? "; Max-Age=0" : ""));
  }

  /** Browsers do not tell ports apart, but there may be several consoles on one machine. */
  private String cookieName(Context request, String name) {
    return (settings.secure() ? "__Host-countermand-" : "countermand-" + request.port() + "-")
        + name;
  }
}
