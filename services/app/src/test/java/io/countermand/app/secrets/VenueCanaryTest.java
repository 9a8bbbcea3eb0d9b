package io.countermand.app.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.RequestKind;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.venues.Credentials;
import io.countermand.venues.HttpSettings;
import io.countermand.venues.OrderFeed;
import io.countermand.venues.Secret;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Each adapter against a venue that repeats every secret it was told, in every form, wherever an
 * answer has room for words. Whatever comes out (replies, excerpts, pages, probes, pauses, feed
 * events, log lines and their causes) has none of them.
 */
@Tag("fuzz")
class VenueCanaryTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  /** All of them, and each form of a feed's words, in the long run of the fuzz. */
  private static final boolean ALL = Integer.getInteger("countermand.fuzz.rounds", 0) > 50_000;

  private static final int[] STATUSES =
      ALL
          ? new int[] {200, 202, 400, 401, 403, 404, 409, 423, 429, 500, 503}
          : new int[] {200, 400, 401, 500};
  private static final int FEEDS = ALL ? 40 : 10;
  private static final String ODD = "+/~&%\"\\<";

  /** Bodies that some adapter reads; {@code E} is where the venue repeats what it knows. */
  private static final List<String> BODIES =
      List.of(
          "{'success':true,'message':'E','orderState':'E','status':'E'}",
          "{'success':true,'error':'E'}",
          "{'success':false,'error':'E','detail':'E','message':'E'}",
          "{'success':false,'error':'E','errno':-18007}",
          "{'success':false,'error':'E','errno':22015}",
          "{'success':false,'error':'unauthorized','detail':'E'}",
          "{'success':false,'error':'rate limit exceeded','detail':'E','retry_after':1}",
          "{'status':'error','error':'E'}",
          "{'status':'success','data':[{'order_id':'4711','status':'E'},{'order_id':'E','status':'OPEN'}]}",
          "{'status':'success','data':{'order_id':'4711','status':'E'}}",
          "{'failureReason':'InvalidPrice','failureText':'E'}",
          "{'failureReason':'E','failureText':'E'}",
          "{'commandId':1,'failureText':'E'}",
          "{'errorText':'E','ok':false}",
          "{'violations':[{'description':'E'}]}",
          "{'p-ticket':'E','p-time':1}",
          "{'p-ticket':'E','p-captcha':true}",
          "{'id':4711,'accountId':2,'ordStatus':'E'}",
          "[{'id':4711,'accountId':2,'ordStatus':'E','clOrdId':'E'}]",
          "[{'orderId':'4711','account':'a','orderState':'E'},{'orderId':'E','account':'a','orderState':'Working'},{'orderId':'1','account':'E','orderState':'Working'}]",
          "{'success':true,'data':{'tradeOrderId':'4711','status':'E'}}",
          "{'success':true,'data':[{'tradeOrderId':'4711','tradingAccountId':'a','status':'E'},{'tradeOrderId':'E','tradingAccountId':'a','status':'OPEN'},{'tradeOrderId':'1','tradingAccountId':'E','status':'OPEN'}]}",
          "{'success':true,'data':{'E':'E'}}",
          "E",
          "");

  /** An adapter, and what it is given. */
  private record Kind(String adapter, String path, List<String> credentials, String odd) {}

  private static Kind kind(String name) {
    return switch (name) {
      case "crosstrade" -> new Kind("crosstrade", "", List.of("token"), ODD);
      case "crosstrade-ws" -> new Kind("crosstrade-ws", "/ws/stream", List.of("token"), ODD);
      case "crosstrade-webhook" ->
          new Kind("crosstrade-webhook", "/v1/send/", List.of("key"), "+/~&%\"\\<");
      case "cadenza" -> new Kind("cadenza", "", List.of("email", "password"), ODD);
      case "cadenza-token" -> new Kind("cadenza", "", List.of("token"), ODD);
      case "neuratrade" -> new Kind("neuratrade", "", List.of("email", "password"), ODD);
      case "neuratrade-token" -> new Kind("neuratrade", "", List.of("token"), ODD);
      case "tradovate" -> new Kind("tradovate", "", List.of("name", "password", "cid", "sec"), ODD);
      case "tradovate-token" -> new Kind("tradovate", "", List.of("token"), ODD);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private final Canary canary = new Canary();

  /** Each of its secrets in every form, which takes a while to write. Its own lock. */
  private final List<List<String>> written = new ArrayList<>();

  private final EchoVenue venue = new EchoVenue();
  private final Queue<ILoggingEvent> logged = new ConcurrentLinkedQueue<>();
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicInteger issued = new AtomicInteger();
  private final List<String> came = new ArrayList<>();
  private final Logger root = (Logger) LoggerFactory.getLogger("io.countermand");
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          logged.add(event);
        }
      };
  private Level before;

  /** Secrets of before: the adapter that is tried now was never told them. */
  private volatile int told;

  @BeforeEach
  void listen() {
    before = root.getLevel();
    root.setLevel(Level.TRACE);
    appender.setContext(root.getLoggerContext());
    appender.start();
    root.addAppender(appender);
  }

  @AfterEach
  void close() {
    root.detachAppender(appender);
    root.setLevel(before);
    venue.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "crosstrade",
        "crosstrade-webhook",
        "cadenza",
        "cadenza-token",
        "neuratrade",
        "neuratrade-token",
        "tradovate",
        "tradovate-token"
      })
  void shouldKeepNothingOfAnswersThatRepeatSecrets(String name) {
    // Given
    VenueSettings settings = settings(kind(name));
    int answered = 0;
    try (VenueAdapter adapter = Venues.create(kind(name).adapter(), settings)) {
      for (int status : STATUSES) {
        for (String body : BODIES) {
          venue.http(request -> isLogin(request) ? login() : echo(status, body));
          settings.governor().resume();
          // When
          came.add(adapter.cancel(request(RequestKind.CANCEL), LONG).toString());
          settings.governor().paused().ifPresent(pause -> came.add(pause.toString()));
          settings.governor().resume();
          came.add(adapter.status(request(RequestKind.STATUS), LONG).toString());
          settings.governor().resume();
          came.add(adapter.openOrders(null, null, LONG).toString());
          settings.governor().resume();
          came.add(adapter.probe(LONG).toString());
          answered++;
        }
      }
      for (String raw :
          List.of(
              "HTTP/1.1 2OO E\r\n\r\n",
              "E\r\n\r\n",
              "HTTP/1.1 200 E\r\nE: E\r\n\r\n",
              "HTTP/1.1 302 E\r\nLocation: E\r\nContent-Length: 0\r\n\r\n",
              "HTTP/1.1 200 X\r\nContent-Length: E\r\n\r\n")) {
        venue.http(request -> isLogin(request) ? login() : filled(raw, ""));
        settings.governor().resume();
        came.add(adapter.cancel(request(RequestKind.CANCEL), Duration.ofSeconds(2)).toString());
      }
    }
    // Then
    assertThat(answered).isEqualTo(STATUSES.length * BODIES.size());
    assertThat(String.join("\n", came)).contains("***").contains("Refused");
    assertClean();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cadenza", "neuratrade", "tradovate"})
  void shouldKeepNothingOfLoginsThatRepeatSecrets(String name) {
    List<String> bodies = new ArrayList<>(BODIES);
    bodies.add("{'errorText':'E','accessToken':'T'}");
    bodies.add("{'success':true,'data':{'accessToken':'E E'}}");
    bodies.add("{'token':'E E','access_token':'T'}");
    for (int status : STATUSES) {
      for (String body : bodies) {
        VenueSettings settings = settings(kind(name));
        // Given
        venue.http(
            request ->
                isLogin(request) ? echo(status, body) : echo(400, "{'success':false,'error':'E'}"));
        try (VenueAdapter adapter = Venues.create(kind(name).adapter(), settings)) {
          // When
          came.add(adapter.cancel(request(RequestKind.CANCEL), LONG).toString());
          settings.governor().paused().ifPresent(pause -> came.add(pause.toString()));
          came.add(adapter.cancel(request(RequestKind.CANCEL), LONG).toString());
          came.add(adapter.probe(LONG).toString());
        }
      }
    }
    // Then
    assertClean();
  }

  @Test
  void shouldKeepNothingOfMessagesThatRepeatSecrets() {
    VenueSettings settings = settings(kind("crosstrade-ws"));
    for (String body : BODIES) {
      for (String frame :
          List.of("{'id':'ID','data':B}", "{'id':'ID','error':'E','data':B}", "B", "close:E")) {
        // Given
        venue.messages(text -> List.of(message(frame, body, text)));
        try (VenueAdapter adapter = Venues.create("crosstrade-ws", settings)) {
          // When
          Duration time = frame.equals("B") ? Duration.ofMillis(50) : LONG;
          came.add(adapter.cancel(request(RequestKind.CANCEL), time).toString());
          settings.governor().paused().ifPresent(pause -> came.add(pause.toString()));
          settings.governor().resume();
          came.add(adapter.status(request(RequestKind.STATUS), time).toString());
          settings.governor().resume();
        }
      }
    }
    for (int status : STATUSES) {
      venue.messages(
          new EchoVenue.Messages() {
            @Override
            public String refusal(EchoVenue.Request handshake) {
              return echo(status, "E");
            }

            @Override
            public List<String> onText(String text) {
              return List.of();
            }
          });
      try (VenueAdapter adapter = Venues.create("crosstrade-ws", settings)) {
        came.add(adapter.cancel(request(RequestKind.CANCEL), LONG).toString());
        settings.governor().paused().ifPresent(pause -> came.add(pause.toString()));
        settings.governor().resume();
        came.add(adapter.probe(LONG).toString());
      }
      settings.governor().resume();
    }
    // Then
    assertThat(String.join("\n", came)).contains("***");
    assertClean();
  }

  @Test
  void shouldTellNothingOfAFeedThatRepeatsSecrets() {
    for (int form = 0; form < FEEDS; form++) {
      VenueSettings settings = settings(kind("tradovate"));
      Queue<OrderEvent> told = new ConcurrentLinkedQueue<>();
      // Given
      venue.http(request -> isLogin(request) ? login() : echo(400, "E"));
      venue.messages(
          new EchoVenue.Messages() {
            @Override
            public List<String> onOpen() {
              return List.of("o");
            }

            @Override
            public List<String> onText(String text) {
              String order = "{'id':%d,'accountId':2,'ordStatus':'E','clOrdId':'E'}";
              return text.startsWith("authorize\n")
                  ? List.of(filled("a[{'s':200,'i':0,'d':'E'}]", ""))
                  : text.startsWith("user/")
                      ? List.of(
                          filled(
                              "a[{'s':200,'i':1,'d':{'orders':[" + order.formatted(1) + "]}}]", ""),
                          filled("xE", ""),
                          filled(
                              "a[{'e':'props','d':{'entityType':'order','entity':"
                                  + order.formatted(2)
                                  + "}},{'e':'E'}]",
                              ""),
                          filled("c[3000,'E']", ""))
                      : List.of();
            }
          });
      // When
      try (VenueAdapter adapter = Venues.create("tradovate", settings)) {
        OrderFeed feed = adapter.feed().orElseThrow();
        feed.start(told::add);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> told.size() >= 2);
      }
      told.forEach(event -> came.add(event.toString()));
    }
    // Then
    assertThat(came).hasSizeGreaterThanOrEqualTo(2 * FEEDS);
    assertThat(came.stream().allMatch(each -> each.contains("***"))).isTrue();
    assertClean();
  }

  /** What is asserted above would be worth nothing if it found nothing. */
  @Test
  void shouldFindWhatAVenueRepeatsWhereNothingIsTakenOut() {
    VenueSettings settings = settings(kind("crosstrade"));
    assertThat(settings.credentials().names()).containsExactly("token");
    for (int i = 0; i < Canary.written("x".repeat(32)).size(); i++) {
      assertThat(canary.search("echo", echo(400, "E"))).isNotEmpty();
    }
  }

  private void assertClean() {
    for (ILoggingEvent event : logged) {
      var line = new StringBuilder(event.getFormattedMessage());
      line.append(' ')
          .append(event.getKeyValuePairs())
          .append(' ')
          .append(event.getMDCPropertyMap());
      for (IThrowableProxy cause = event.getThrowableProxy();
          cause != null;
          cause = cause.getCause()) {
        line.append(' ').append(cause.getMessage());
      }
      came.add("log: " + line);
    }
    for (String each : came) {
      List<Canary.Find> finds = canary.search("output", each);
      // What it holds are secrets of this test alone.
      assertThat(finds).as(() -> each.substring(0, Math.min(2000, each.length()))).isEmpty();
    }
  }

  private String secret(String name, String odd) {
    String secret = canary.secret(name, odd);
    var forms = List.copyOf(Canary.written(secret).values());
    synchronized (written) {
      written.add(forms);
    }
    return secret;
  }

  private VenueSettings settings(Kind kind) {
    synchronized (written) {
      told = written.size();
    }
    Map<String, String> credentials = new LinkedHashMap<>();
    for (String each : kind.credentials()) {
      boolean shown = each.equals("name") || each.equals("cid");
      credentials.put(each, shown ? "8" : secret(told + " " + each, kind.odd()));
    }
    boolean hook = kind.adapter().equals("crosstrade-webhook");
    String ids =
        hook ? secret(told + " id of the webhook", "") + "/" + secret(told + " another", "") : "";
    String host = "http://127.0.0.1:" + venue.port();
    // A proxy answers for the venue, so it repeats its own login, too. WebSockets are tunnelled.
    boolean proxied =
        !kind.adapter().equals("crosstrade-ws") && !kind.adapter().equals("tradovate");
    Map<String, String> headers = Map.of("X-Gateway", secret(told + " key of a gateway", ODD));
    var http =
        proxied
            ? new HttpSettings(
                URI.create(host),
                Secret.of("user:" + secret(told + " proxy's password", ODD)),
                headers,
                false)
            : new HttpSettings(null, null, headers, false);
    VenueSettings settings =
        VenueSettings.of(
            "v",
            URI.create(host + kind.path() + ids),
            Credentials.of(credentials),
            kind.adapter().equals("neuratrade") ? Map.of("account", "a") : Map.of(),
            Clock.systemUTC());
    return settings.with(http);
  }

  private static boolean isLogin(EchoVenue.Request request) {
    return request.line().contains("login")
        || request.line().contains("auth/")
        || request.line().contains("token/refresh");
  }

  /** Fit for every adapter; each answer issues tokens that nobody has seen. */
  private String login() {
    return EchoVenue.json(
        200,
        "",
        filled(
            "{'success':true,'accessToken':'T','mdAccessToken':'T','token':'T',"
                + "'data':{'accessToken':'T','refreshToken':'T','token':'T','expiresIn':3600}}",
            ""));
  }

  private String echo(int status, String body) {
    String words = filled("E", "").replaceAll("[\\p{Cntrl}]", "");
    return EchoVenue.json(status, words, filled(body, ""));
  }

  private String message(String frame, String body, String asked) {
    String id = asked.replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
    String data = body.isEmpty() || body.equals("E") ? "'E'" : body;
    return filled(frame.replace("B", data), id);
  }

  /** With what the venue knows for each {@code E}, a new token for each {@code T}. */
  private String filled(String template, String id) {
    String text = template.replace('\'', '"').replace("ID", id);
    var out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean alone =
          (i == 0 || !Character.isLetterOrDigit(text.charAt(i - 1)))
              && (i + 1 == text.length() || !Character.isLetterOrDigit(text.charAt(i + 1)));
      boolean inJson =
          text.startsWith("{")
              || text.startsWith("[")
              || text.startsWith("a[")
              || text.startsWith("c[");
      if (c == 'E' && (alone || text.equals("xE"))) {
        out.append(inJson ? quoted(known()) : known());
      } else if (c == 'T' && alone) {
        out.append(secret("token " + issued.incrementAndGet(), ""));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** Its latest secrets, each in every form, beginning with another one each time. */
  private String known() {
    List<String> all = new ArrayList<>();
    int first = turn.incrementAndGet();
    synchronized (written) {
      written.subList(Math.max(told, written.size() - 8), written.size()).forEach(all::addAll);
    }
    var words = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      words.append(i == 0 ? "" : " ").append(all.get(Math.floorMod(first * 7 + i, all.size())));
    }
    return words.toString();
  }

  private static CancelRequest request(RequestKind kind) {
    Instant now = Instant.now();
    var cancel =
        new Cancel(
            "c-1",
            new OrderRef("v", "a", "4711"),
            null,
            null,
            null,
            false,
            false,
            null,
            now,
            now.plusSeconds(60),
            now,
            new Evidence("cancel-intents", 0, 1),
            "digest");
    return new CancelRequest(cancel, kind, 1, null, now);
  }
}
