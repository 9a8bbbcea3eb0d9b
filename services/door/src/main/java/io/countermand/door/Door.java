package io.countermand.door;

import io.countermand.client.CancelClient;
import io.countermand.client.OrderStates;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.StatisticsHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels by HTTP. A client of Kafka as any other: it may fall over, or be asked too much, and
 * nobody else notices. Thread-safe.
 */
public final class Door implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Door.class);

  /** Bytes: an issuer's token may have 8 KiB, Jetty's default for all headers together. */
  private static final int LARGEST_HEADERS = 16 * 1024;

  /** As long as the client itself tries. */
  private static final Duration PUBLISHED_WITHIN = Duration.ofSeconds(30);

  private static final Duration LAST_OUTCOMES = Duration.ofSeconds(2);
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);

  /**
   * Connections that wait to be accepted. Of 500 at once, Java's 50 let some end without a word.
   */
  private static final int CALLERS_AT_ONCE = 4_096;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Javalin server;
  private final CallerTokens tokens;
  private final RecentOutcomes outcomes;
  private final OrderStates states;
  private final RecentReports reports;

  private Door(DoorSettings settings, MassPipeline pipeline, Duration publishedWithin) {
    try {
      tokens = CallerTokens.of(settings);
      parts.push(tokens);
      var guard = new CallerFilter(tokens, settings.perSecond());
      CancelClient client =
          CancelClient.builder(settings.connection()).grace(settings.grace()).connect();
      parts.push(client);
      outcomes = RecentOutcomes.follow(settings.connection(), settings.keepOutcomes());
      parts.push(outcomes);
      states = OrderStates.follow(settings.connection(), settings.keepOrders());
      parts.push(states);
      reports = RecentReports.follow(settings.connection(), pipeline);
      parts.push(reports);
      var cancels =
          new CancelService(
              client, outcomes, settings.venues(), settings.openCancels(), publishedWithin);
      var masses = new Masses(pipeline, reports, settings.venues());
      var switches = new SwitchesOn(pipeline, settings.venues());
      var orders = new Orders(states);
      var events = new OutcomeEvents(settings.connection(), settings.streams(), guard);
      var requests = new StatisticsHandler();
      server =
          Javalin.create(
              config -> {
                listen(config, settings);
                config.jetty.modifyServer(jetty -> jetty.insertHandler(requests));
                config.routes.before("/v1/*", guard::check);
                config.routes.post("/v1/cancels", cancels::post);
                config.routes.get(
                    "/v1/cancels/{venue}/{account}/{orderId}/{cancelId}", cancels::get);
                config.routes.post("/v1/mass-cancels", masses::post);
                config.routes.get("/v1/mass-cancels/{massId}", masses::get);
                config.routes.post("/v1/mass-cancels/{massId}/release", masses::release);
                config.routes.get("/v1/kill-switches", switches::get);
                config.routes.get("/v1/orders/{venue}/{account}/{orderId}", orders::get);
                config.routes.before("/v1/outcomes", OutcomeEvents::check);
                config.routes.get("/v1/outcomes", events::serve);
                String openApi = openApi();
                config.routes.get("/openapi.json", request -> request.json(openApi));
                problems(config);
              });
      server.start();
      parts.push(server::stop);
      parts.push(() -> awaitAnswers(requests));
      parts.push(events::close);
      parts.push(() -> client.close(LAST_OUTCOMES)); // who waits hears that it closes
      parts.push(reports::letGo);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    LOG.atInfo()
        .addKeyValue("address", settings.host() + ":" + server.port())
        .addKeyValue("tls", settings.tls() != null)
        .log("the door is open");
  }

  /**
   * Returns when it can take cancels.
   *
   * @param pipeline the caller's to close, after the door
   * @throws RuntimeException that says what is missing: tokens, topics, schemas, the port
   */
  public static Door open(DoorSettings settings, MassPipeline pipeline) {
    return open(settings, pipeline, PUBLISHED_WITHIN);
  }

  /**
   * @param publishedWithin so long does a request wait for Kafka
   */
  static Door open(DoorSettings settings, MassPipeline pipeline, Duration publishedWithin) {
    return new Door(settings, pipeline, publishedWithin);
  }

  /** The server's stop waits for nobody: who was let go would not hear of it. */
  private static void awaitAnswers(StatisticsHandler requests) {
    long end = System.nanoTime() + LAST_ANSWERS.toNanos();
    while (requests.getRequestsActive() > 0
        && System.nanoTime() - end < 0
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  public int port() {
    return server.port();
  }

  /** What it lacks to answer all that may be asked; empty: nothing. */
  public List<String> missing() {
    List<String> missing = new ArrayList<>();
    String keys = tokens.missing();
    if (keys != null) {
      missing.add(keys);
    }
    if (!states.caughtUp()) {
      missing.add("reading order states");
    }
    if (!outcomes.caughtUp()) {
      missing.add("reading outcomes");
    }
    if (!reports.caughtUp()) {
      missing.add("reading reports of mass cancels");
    }
    return missing;
  }

  /** OpenAPI 3.1. */
  static String openApi() {
    try (InputStream in = Door.class.getResourceAsStream("/openapi.json")) {
      if (in == null) {
        throw new IllegalStateException("openapi.json is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void listen(JavalinConfig config, DoorSettings settings) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.concurrency.useVirtualThreads = true;
    config.http.maxRequestSize = JsonBody.LONGEST;
    config.http.defaultContentType = "application/json";
    config.http.prefer405over404 = true;
    config.jetty.modifyHttpConfiguration(
        http -> {
          http.setSendServerVersion(false);
          http.setRequestHeaderSize(LARGEST_HEADERS);
          // Ids may hold any character: a %2F in one is no separator.
          http.setUriCompliance(
              UriCompliance.DEFAULT.with(
                  "ids",
                  UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
                  UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING,
                  UriCompliance.Violation.AMBIGUOUS_PATH_SEGMENT,
                  UriCompliance.Violation.SUSPICIOUS_PATH_CHARACTERS));
        });
    config.jetty.modifyServletContextHandler(
        handler -> handler.getServletHandler().setDecodeAmbiguousURIs(true));
    DoorSettings.Tls tls = settings.tls();
    config.jetty.addConnector(
        (jetty, http) -> {
          ServerConnector connector =
              tls == null
                  ? new ServerConnector(jetty, new HttpConnectionFactory(http))
                  : secured(jetty, http, tls);
          connector.setHost(settings.host());
          connector.setPort(settings.port());
          connector.setAcceptQueueSize(CALLERS_AT_ONCE);
          return connector;
        });
  }

  private static ServerConnector secured(
      Server jetty, HttpConfiguration http, DoorSettings.Tls tls) {
    var context = new SslContextFactory.Server();
    context.setKeyStorePath(tls.keystore().toString());
    context.setKeyStorePassword(tls.password());
    http.addCustomizer(new SecureRequestCustomizer(false));
    return new ServerConnector(
        jetty, new SslConnectionFactory(context, "http/1.1"), new HttpConnectionFactory(http));
  }

  /** Each is JSON of RFC 9457, and none has a stack trace. */
  private static void problems(JavalinConfig config) {
    config.routes.exception(
        ProblemResponse.class, (e, request) -> problem(request, e.status(), e.code(), e.detail()));
    config.routes.exception(
        HttpResponseException.class,
        (e, request) ->
            problem(
                request, e.getStatus(), "HTTP_" + e.getStatus(), String.valueOf(e.getMessage())));
    config.routes.exception(
        Exception.class,
        (e, request) -> {
          LOG.atError().setCause(e).addKeyValue("path", request.path()).log("the door failed");
          problem(request, 500, "OTHER", "the door failed; its log says why");
        });
  }

  private static void problem(Context request, int status, String code, String detail) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("type", "urn:countermand:problem:" + code.toLowerCase(Locale.ROOT));
    fields.put("title", code);
    fields.put("status", status);
    fields.put("detail", detail);
    request.status(status);
    if (status == 401 && !request.res().containsHeader("WWW-Authenticate")) {
      request.header("WWW-Authenticate", "Bearer");
    }
    request.result(DoorJson.write(fields)).contentType("application/problem+json");
  }

  /** Takes no more, waits a little for outcomes under way, and ends. */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        LOG.atWarn().setCause(e).log("the door did not close cleanly");
      }
    }
  }
}
