package io.countermand.console;

import io.countermand.console.actions.Actions;
import io.countermand.console.kept.KeptCancels;
import io.countermand.console.reports.ReportPages;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What may be asked for, and who answers. */
final class Routes {

  private static final Logger LOG = LoggerFactory.getLogger(Console.class);

  private static final Map<String, String> ASSETS =
      Map.of(
          "htmx.min.js", "text/javascript",
          "hx-sse.min.js", "text/javascript",
          "console.js", "text/javascript",
          "console.css", "text/css",
          "icon.svg", "image/svg+xml");

  private Routes() {}

  static void pages(JavalinConfig config, Pages pages, Tail tail, KeptCancels cancels) {
    config.routes.get("/", pages::now);
    config.routes.get("/now/live", request -> tail.picture(request, () -> pages.nowPart(request)));
    config.routes.get("/cancels", pages::cancels);
    config.routes.get(
        "/cancels/live",
        request -> tail.cancels(request, cancels, Filter.of(request::queryParam), pages::row));
    config.routes.get("/cancel", pages::cancel);
    config.routes.get("/orders", pages::orders);
    config.routes.get("/order", pages::order);
    config.routes.get("/unresolved", pages::unresolved);
    config.routes.get("/dead-letters", pages::letters);
    config.routes.get("/dead-letter", pages::letter);
    assets(config);
  }

  /** What pages name besides. */
  static void assets(JavalinConfig config) {
    ASSETS.forEach(
        (name, type) -> {
          String text = asset(name);
          config.routes.get("/assets/" + name, request -> asset(request, text, type));
        });
  }

  static void signIn(JavalinConfig config, SignInPages pages, StandingPages held) {
    config.routes.before(pages::before);
    config.routes.get("/sign-in", pages::show);
    config.routes.post("/sign-in", pages::signIn);
    config.routes.get("/sign-in/oidc", pages::leave);
    config.routes.get("/sign-in/oidc/callback", pages::arrive);
    config.routes.post("/sign-out", pages::signOut);
    config.routes.get("/actions", held::actions);
  }

  static void audits(JavalinConfig config, ReportPages pages) {
    config.routes.get("/audits", pages::all);
    config.routes.get("/audit", pages::one);
    config.routes.get("/audit/file", pages::file);
  }

  static void acts(JavalinConfig config, Actions actions, KillActions kills, MendActions mends) {
    var venues = new VenueActions(actions);
    config.routes.post("/venues/pause", venues::pause);
    config.routes.post("/venues/resume", venues::resume);
    config.routes.get("/kill/build", kills::build);
    config.routes.post("/kill/count", kills::count);
    config.routes.get("/kill/confirm", kills::confirm);
    config.routes.get("/kill/confirm/part", kills::confirmPart);
    config.routes.post("/kill/fire", kills::fire);
    config.routes.post("/kill/again", kills::again);
    config.routes.post("/kill/second", kills::second);
    config.routes.post("/kill/withdraw", kills::withdraw);
    config.routes.post("/kill/release", kills::release);
    config.routes.post("/dead-letters/requeue", mends::requeue);
    config.routes.post("/unresolved/check", mends::check);
  }

  static void pages(JavalinConfig config, StandingPages held, MassPages masses, PageWriter writer) {
    config.routes.get("/mass-cancels", masses::all);
    config.routes.get("/mass-cancel", masses::one);
    config.routes.get("/mass-cancel/part", masses::part);
    config.routes.get("/kill", held::kill);
    config.routes.get("/switches", writer::banner);
    config.routes.get("/venues", held::venues);
    config.routes.exception(
        HttpResponseException.class,
        (e, request) -> writer.failed(request, e.getStatus(), String.valueOf(e.getMessage())));
    config.routes.exception(
        Exception.class,
        (e, request) -> {
          LOG.atError().setCause(e).addKeyValue("path", request.path()).log("the console failed");
          writer.failed(request, 500, "The console failed; its log says why.");
        });
  }

  private static void asset(Context request, String text, String type) {
    request.header("Cache-Control", "max-age=3600");
    request.result(text).contentType(type + "; charset=utf-8");
  }

  private static String asset(String name) {
    try (InputStream in = Console.class.getResourceAsStream("/console/" + name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
