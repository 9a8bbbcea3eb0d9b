// Over 300 lines: one server for each way in which a collector can fail.
package io.countermand.observe.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.countermand.observe.otlp.FinishedSpan.Kind;
import io.countermand.observe.otlp.FinishedSpan.Moment;
import io.countermand.observe.otlp.FinishedSpan.Place;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Against a server on a real socket, which behaves as collectors do on their worst days. */
class OtlpSpansTest {

  /** For collectors that never answer. */
  private static final Duration BRIEF = Duration.ofMillis(300);

  /** For those that do: a first answer of a cold process takes its time. */
  private static final Duration PATIENT = Duration.ofSeconds(60);

  /** As usual, but that nobody waits a second for the next request. */
  private static final OtlpSpans.Pace QUICK =
      new OtlpSpans.Pace(Duration.ofMillis(20), Duration.ofMillis(200));

  /** Requests that hang: more than five, after which an exporter takes nothing more. */
  private static final int HANGING = 7;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final SpanCounts counts = new SpanCounts(meters);
  private final List<ExportTraceServiceRequest> requests = new CopyOnWriteArrayList<>();
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private HttpServer server;

  @TempDir private Path directory;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    log.start();
    ((Logger) LoggerFactory.getLogger(OtlpSpans.class)).addAppender(log);
  }

  @AfterEach
  void close() {
    ((Logger) LoggerFactory.getLogger(OtlpSpans.class)).detachAppender(log);
    over.countDown();
    server.stop(0);
  }

  @Test
  void shouldExportASpanWithItsOwnIds() {
    // Given
    server.createContext("/v1/traces", this::take);
    // When
    try (var spans = open(settings(endpoint(), 10))) {
      spans.offer("cancel");
      eventually("exported", 1);
    }
    // Then
    Span span = requests.getFirst().getResourceSpans(0).getScopeSpans(0).getSpans(0);
    assertThat(span.getName()).isEqualTo("cancel");
    assertThat(HexFormat.of().formatHex(span.getTraceId().toByteArray()))
        .isEqualTo("ab".repeat(16));
    assertThat(HexFormat.of().formatHex(span.getSpanId().toByteArray())).isEqualTo("cd".repeat(8));
    assertThat(HexFormat.of().formatHex(span.getParentSpanId().toByteArray()))
        .isEqualTo("ef".repeat(8));
    assertThat(span.getTraceState()).isEqualTo("a=1,b=2");
    assertThat(span.getStartTimeUnixNano()).isEqualTo(1_000_000_001L);
    assertThat(span.getEndTimeUnixNano()).as("clocks differ").isEqualTo(1_000_000_001L);
    assertThat(tokens).containsExactly("secret-of-test");
    assertThat(settings(endpoint(), 1).toString()).doesNotContain("secret-of-test");
  }

  @Test
  void shouldExportAllThatASpanSays() {
    // Given
    server.createContext("/v1/traces", this::take);
    // When
    try (var spans = open(settings(endpoint(), 10))) {
      spans.offer("failed");
      spans.offer("cancel");
      eventually("exported", 2);
    }
    // Then
    List<ResourceSpans> resources =
        requests.stream().flatMap(each -> each.getResourceSpansList().stream()).toList();
    assertThat(resources)
        .allSatisfy(
            each ->
                assertThat(texts(each.getResource().getAttributesList()))
                    .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                            "service.name", "test",
                            "service.namespace", "countermand",
                            "service.instance.id", "i")));
    List<Span> all =
        resources.stream().flatMap(each -> each.getScopeSpans(0).getSpansList().stream()).toList();
    Span failed = all.getFirst();
    assertThat(failed.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
    assertThat(texts(failed.getAttributesList()))
        .containsExactlyInAnyOrderEntriesOf(Map.of("text", "x", "number", "1", "truth", "true"));
    assertThat(failed.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    assertThat(failed.getStatus().getMessage()).isEqualTo("why");
    assertThat(failed.getEventsList()).hasSize(1);
    assertThat(failed.getEvents(0).getName()).isEqualTo("sent");
    assertThat(failed.getEvents(0).getTimeUnixNano()).isEqualTo(2_000_000_003L);
    assertThat(failed.getLinksList()).hasSize(1);
    assertThat(HexFormat.of().formatHex(failed.getLinks(0).getTraceId().toByteArray()))
        .isEqualTo("12".repeat(16));
    assertThat(HexFormat.of().formatHex(failed.getLinks(0).getSpanId().toByteArray()))
        .isEqualTo("34".repeat(8));
    assertThat(all.getLast().getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
  }

  /** Numbers and truths as such, shown as texts. */
  private static Map<String, String> texts(List<KeyValue> attributes) {
    Map<String, String> texts = new HashMap<>();
    attributes.forEach(
        each ->
            texts.put(
                each.getKey(),
                switch (each.getValue().getValueCase()) {
                  case STRING_VALUE -> each.getValue().getStringValue();
                  case INT_VALUE -> Long.toString(each.getValue().getIntValue());
                  case BOOL_VALUE -> Boolean.toString(each.getValue().getBoolValue());
                  default -> "of another type";
                }));
    return texts;
  }

  @Test
  void shouldKeepNobodyWaitingForACollector() throws Exception {
    // Given: one that answers when all have been offered, and not before
    var asked = new CountDownLatch(1);
    server.createContext(
        "/v1/traces",
        exchange -> {
          asked.countDown();
          await();
          take(exchange);
        });
    try (var spans =
        open(new OtlpSettings(endpoint(), Map.of(), null, Duration.ofSeconds(120), 2000, "i"))) {
      // When
      spans.offer("cancel");
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
      for (int i = 0; i < 1000; i++) {
        spans.offer("cancel");
      }
      // Then
      assertThat(count("exported") + count("failed") + count("dropped"))
          .as("spans of which anything has become")
          .isZero();
      over.countDown();
      eventually("exported", 1001);
    }
  }

  @Test
  void shouldSendWhatWaitsWhenItIsClosed() {
    // Given
    server.createContext("/v1/traces", this::take);
    // When
    try (var spans = open(settings(endpoint(), 2000))) {
      for (int i = 0; i < 1500; i++) {
        spans.offer("cancel");
      }
    }
    // Then
    assertThat(count("exported")).isEqualTo(1500);
    assertThat(count("dropped")).isZero();
  }

  @Test
  void shouldDropAndCountWhatACollectorThatNeverAnswersKeepsWaiting() {
    // Given
    server.createContext("/v1/traces", _ -> await());
    // When
    try (var spans = open(settings(endpoint(), 10, BRIEF))) {
      spans.offer("first");
      eventually("failed", 1);
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                for (int i = 0; i < 20; i++) { // more than may wait
                  spans.offer("more");
                }
                return count("dropped") > 0;
              });
      // Then: and it goes on as long as nobody answers, which five hanging answers would end
      for (int i = 0; i < HANGING; i++) {
        loseOneMore(spans);
      }
    }
    assertThat(count("exported")).isZero();
    assertTold("no whole answer", "timed out");
  }

  /** Offers one and waits until a request more has failed, whoever was in it. */
  private void loseOneMore(OtlpSpans<String> spans) {
    double before = count("failed");
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              spans.offer("lost");
              return count("failed") > before;
            });
  }

  @Test
  void shouldComeBackFromAnswersThatNeverEnd() {
    // Given: more of them than the exporter has threads
    server.createContext("/v1/traces", this::endless);
    try (var spans = open(settings(endpoint(), 10, BRIEF))) {
      for (int i = 0; i < HANGING; i++) {
        loseOneMore(spans);
      }
      // When
      server.removeContext("/v1/traces");
      server.createContext("/v1/traces", this::take);
      // Then
      offerUntilExported(spans);
    }
    assertTold("no whole answer");
  }

  /** More than one: the first may take longer than it is given, without anybody's fault. */
  private void offerUntilExported(OtlpSpans<String> spans) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              spans.offer("after");
              return count("exported") > 0;
            });
  }

  @Test
  void shouldGoOnAfterATimeOutThoughTheFileOfAuthoritiesIsGone() throws Exception {
    // Given
    Path file = Files.writeString(directory.resolve("ca.pem"), authority());
    var settings = new OtlpSettings(endpoint(), Map.of(), file, BRIEF, 10, "i");
    server.createContext("/v1/traces", this::endless);
    try (var spans = open(settings)) {
      Files.delete(file);
      spans.offer("lost");
      eventually("failed", 1);
      // When
      server.removeContext("/v1/traces");
      server.createContext("/v1/traces", this::take);
      // Then
      offerUntilExported(spans);
    }
    assertTold("no whole answer");
  }

  /** Any one. */
  private static String authority() throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null); // the JDK's
    var trust = (X509TrustManager) factory.getTrustManagers()[0];
    byte[] one = trust.getAcceptedIssuers()[0].getEncoded();
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder().encodeToString(one)
        + "\n-----END CERTIFICATE-----\n";
  }

  @Test
  void shouldGoOnWhereACollectorRefuses() {
    // Given
    server.createContext(
        "/v1/traces",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(401, -1);
          }
        });
    // When
    try (var spans = open(settings(endpoint(), 10))) {
      spans.offer("one");
      eventually("failed", 1);
      spans.offer("two");
      eventually("failed", 2);
    }
    // Then: told once a minute at the most, and without the header
    assertTold("401");
  }

  @Test
  void shouldGoOnWhereNobodyListens() throws IOException {
    // Given
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    // When
    try (var spans = open(settings(URI.create("http://127.0.0.1:" + port), 10, BRIEF))) {
      spans.offer("one");
      eventually("failed", 1);
      spans.offer("two");
      eventually("failed", 2);
    }
    // Then
    assertTold("");
  }

  @Test
  void shouldLoseOneSpanThatCannotBeMadeAndNoOther() {
    // Given
    server.createContext("/v1/traces", this::take);
    // When
    try (var spans = open(settings(endpoint(), 10))) {
      spans.offer("bad");
      spans.offer("good");
      eventually("exported", 1);
    }
    // Then
    assertThat(count("failed")).isEqualTo(1);
  }

  private OtlpSpans<String> open(OtlpSettings settings) {
    return OtlpSpans.open(settings, OtlpSpansTest::span, counts, QUICK);
  }

  private static FinishedSpan span(String name) {
    if (name.equals("bad")) {
      throw new IllegalStateException("bad");
    }
    return new FinishedSpan(
        "test",
        new Place("ab".repeat(16), "cd".repeat(8), 1, "a=1,b=2"),
        "ef".repeat(8),
        name,
        Kind.CLIENT,
        Instant.ofEpochSecond(1, 1),
        Instant.EPOCH,
        Map.of("text", "x", "number", 1L, "truth", true),
        name.equals("failed")
            ? List.of(new Moment(Instant.ofEpochSecond(2, 3), "sent"))
            : List.of(),
        name.equals("failed")
            ? List.of(new Place("12".repeat(16), "34".repeat(8), 1, null))
            : List.of(),
        name.equals("failed") ? "why" : null);
  }

  private URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static OtlpSettings settings(URI endpoint, int mostWaiting) {
    return settings(endpoint, mostWaiting, PATIENT);
  }

  private static OtlpSettings settings(URI endpoint, int mostWaiting, Duration timeout) {
    return new OtlpSettings(
        endpoint, Map.of("x-token", "secret-of-test"), null, timeout, mostWaiting, "i");
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.add(ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()));
      tokens.add(exchange.getRequestHeaders().getFirst("x-token"));
      exchange.sendResponseHeaders(200, -1);
    }
  }

  /** Headers, and then nothing. */
  private void endless(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(1);
      exchange.getResponseBody().flush();
      await();
    }
  }

  private void await() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void assertTold(String... one) {
    List<ILoggingEvent> lost =
        log.list.stream().filter(line -> line.getMessage().startsWith("spans could not")).toList();
    assertThat(lost).isNotEmpty();
    for (int i = 1; i < lost.size(); i++) { // a run that takes minutes has several
      assertThat(Duration.between(lost.get(i - 1).getInstant(), lost.get(i).getInstant()))
          .as("told once a minute at the most; a line may be written somewhat late")
          .isGreaterThan(Duration.ofSeconds(30));
    }
    String text = lost.getFirst().getKeyValuePairs().toString();
    assertThat(List.of(one)).anyMatch(text::contains);
    assertThat(text).doesNotContain("secret-of-test");
  }

  private void eventually(String result, int least) {
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> count(result) >= least);
  }

  private double count(String result) {
    return meters.get("countermand.trace.spans").tag("result", result).counter().count();
  }
}
