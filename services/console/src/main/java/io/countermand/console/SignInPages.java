package io.countermand.console;

import io.countermand.console.access.Access;
import io.countermand.console.access.OurPages;
import io.countermand.console.access.SignedInUser;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Shows nothing to who is not signed in, and signs people in and out. Thread-safe. */
final class SignInPages {

  private static final String SIGN_IN = "/sign-in";

  /** What may be asked for by who is not signed in. */
  private static final Set<String> OPEN =
      Set.of(SIGN_IN, "/sign-in/oidc", "/sign-in/oidc/callback");

  /** What open pages ask for by themselves: it keeps no session from ending. */
  private static final Set<String> BY_ITSELF =
      Set.of("/switches", "/now/live", "/cancels/live", "/mass-cancel/part", "/kill/confirm/part");

  private static final Set<String> STREAMS = Set.of("/now/live", "/cancels/live");

  private static final Pattern FORM =
      Pattern.compile("(?i)application/x-www-form-urlencoded\\s*(;.*)?");

  /** A header has its bounds, and a cookie. */
  private static final int LONGEST_TO = 2_000;

  private static final Set<HandlerType> ASKING = Set.of(HandlerType.GET, HandlerType.HEAD);

  private final Access access;
  private final PageWriter writer;

  SignInPages(Access access, PageWriter writer) {
    this.access = access;
    this.writer = writer;
  }

  /** Before all others. */
  void before(Context request) {
    String path = request.path();
    access.recognise(request, !BY_ITSELF.contains(path));
    SignedInUser visitor = SignedInUser.of(request);
    boolean asks = ASKING.contains(request.method());
    if (!asks) {
      access.shouldComeFromOurPage(request);
      shouldBeAForm(request);
    }
    if (OPEN.contains(path) || path.startsWith("/assets/")) {
      return;
    }
    if (visitor != null) {
      if (!asks) {
        Access.shouldHaveToken(request, visitor);
      }
    } else if (!asks) {
      throw new ForbiddenResponse("Nobody is signed in, or not any more; nothing was done.");
    } else {
      turnAway(request, path);
    }
  }

  /** Others may be as long as they like before somebody looks at them. */
  private static void shouldBeAForm(Context request) {
    String type = request.contentType();
    if (type == null || !FORM.matcher(type).matches()) {
      throw new HttpResponseException(415, "This is no form of a page of this console.");
    }
  }

  private void turnAway(Context request, String path) {
    if (STREAMS.contains(path)) {
      request.status(HttpStatus.UNAUTHORIZED).result("nobody is signed in, or not any more");
    } else if (BY_ITSELF.contains(path)) { // in a page that is open
      request.html(writer.render("ended.jte", Map.of()));
    } else {
      String query = request.queryString();
      String to = query == null ? path : path + "?" + query;
      request.redirect(address(to), HttpStatus.SEE_OTHER);
    }
    request.skipRemainingHandlers();
  }

  /** Of the page to sign in, which leads there. */
  private static String address(String to) {
    boolean plain = to.equals("/") || to.length() > LONGEST_TO;
    return plain ? SIGN_IN : SIGN_IN + "?to=" + DisplayText.encoded(to);
  }

  void show(Context request) {
    show(request, to(request.queryParam("to")), "");
  }

  private void show(Context request, String to, String says) {
    request.html(
        writer.render(
            "signIn.jte",
            Map.of(
                "to", to,
                "says", says,
                "token", access.formToken(request),
                "passwords", access.byPassword(),
                "issuer", access.issuer())));
  }

  void signIn(Context request) throws InterruptedException {
    String to = to(request.formParam("to"));
    switch (access.signIn(request)) {
      case IN -> request.redirect(to, HttpStatus.SEE_OTHER);
      case WRONG -> {
        request.status(HttpStatus.FORBIDDEN);
        show(request, to, "Name and password do not fit.");
      }
      case TOO_OFTEN -> {
        request.status(HttpStatus.TOO_MANY_REQUESTS);
        show(request, to, "Too many tries failed. Wait half a minute, then try once more.");
      }
      case BUSY -> {
        request.status(HttpStatus.SERVICE_UNAVAILABLE);
        show(request, to, "Too many sign in at once. Try again in a moment.");
      }
    }
  }

  /** To the issuer, unless a page elsewhere led here: any link would sign people out then. */
  void leave(Context request) {
    String to = to(request.queryParam("to"));
    if (OurPages.ledFromElsewhere(request)) {
      request.redirect(address(to), HttpStatus.SEE_OTHER);
      return;
    }
    Access.Arrival stays = access.leave(request, to);
    if (stays != null) {
      refuse(request, stays);
    }
  }

  /**
   * From the issuer. A page, and no redirect: the browser comes from another site, and would send
   * no cookie of ours along.
   */
  void arrive(Context request) throws InterruptedException {
    Access.Arrival arrival = access.arrive(request);
    if (arrival.in()) {
      request.html(writer.render("signedIn.jte", Map.of("to", to(arrival.to()))));
    } else {
      refuse(request, arrival);
    }
  }

  private void refuse(Context request, Access.Arrival arrival) {
    request.status(arrival.status());
    show(request, to(arrival.to()), DisplayText.text(arrival.says()));
  }

  void signOut(Context request) {
    access.signOut(request);
    request.redirect(SIGN_IN, HttpStatus.SEE_OTHER);
  }

  /** A page of ours, whatever the address says. */
  private static String to(String asked) {
    return Optional.ofNullable(asked)
        .filter(each -> each.startsWith("/") && !each.startsWith("//"))
        .filter(each -> each.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\\'))
        .filter(each -> !each.startsWith(SIGN_IN) && each.length() <= LONGEST_TO)
        .orElse("/");
  }
}
