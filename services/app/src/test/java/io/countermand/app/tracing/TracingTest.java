package io.countermand.app.tracing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import io.countermand.app.config.Config;
import io.countermand.app.config.ConfigException;
import io.countermand.domain.TraceContext;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassScope;
import io.countermand.kafka.trace.Hop;
import io.countermand.kafka.trace.Hops;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class TracingTest {

  private static final String ENDPOINT = "COUNTERMAND_TRACING_OTLP_ENDPOINT";
  private static final String HEADERS = "COUNTERMAND_TRACING_OTLP_HEADERS_FILE";

  @TempDir private Path directory;

  @Test
  void shouldLoadNothingOfTheSdkWhereNothingIsExported() throws Exception {
    // Given: a class path without OpenTelemetry
    Class<?> tracing = Class.forName(Tracing.class.getName(), true, new WithoutSdk());
    var open = tracing.getMethod("open", Config.class, MeterRegistry.class);
    // When
    var none = (AutoCloseable) open.invoke(null, config(Map.of()), new SimpleMeterRegistry());
    // Then
    assertThat(tracing.getMethod("hops").invoke(none)).isSameAs(Hops.NONE);
    none.close();
    assertThatThrownBy(
            () ->
                open.invoke(
                    null,
                    config(Map.of(ENDPOINT, "http://127.0.0.1:4318")),
                    new SimpleMeterRegistry()))
        .as("else this test shows nothing")
        .cause()
        .isInstanceOf(NoClassDefFoundError.class);
  }

  @Test
  void shouldRefuseAnEndpointWithAPassword() {
    assertThatThrownBy(() -> config(Map.of(ENDPOINT, "http://me:secret-of-test@collector:4318")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tracing.otlp.endpoint")
        .hasMessageNotContaining("secret-of-test");
  }

  @Test
  void shouldSayThatHeadersAreNoneWithoutShowingThem() throws IOException {
    // Given
    Path file = Files.writeString(directory.resolve("headers"), "x token\\nsecret-of-test\u00e9");
    Config config = config(Map.of(ENDPOINT, "http://127.0.0.1:4318", HEADERS, file.toString()));
    // Then
    assertThat(toldWithoutExport(config)).contains("no header").doesNotContain("secret");
  }

  @Test
  void shouldExportAsConfiguredAndSendWhatWaitsWhenItIsClosed() throws IOException {
    // Given
    List<ExportTraceServiceRequest> requests = new CopyOnWriteArrayList<>();
    List<String> tokens = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/traces",
        exchange -> {
          try (exchange) {
            requests.add(ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()));
            tokens.add(exchange.getRequestHeaders().getFirst("x-token"));
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
    Path file = Files.writeString(directory.resolve("good"), "x-token=secret-of-test\n");
    Map<String, String> environment =
        Map.of(
            ENDPOINT,
            "http://127.0.0.1:" + server.getAddress().getPort(),
            HEADERS,
            file.toString(),
            "COUNTERMAND_INSTANCE",
            "desk-7");
    var here =
        requireNonNull(
            TraceContext.parse("00-" + "ab".repeat(16) + "-" + "cd".repeat(8) + "-01", "a=1"));
    Instant start = Instant.ofEpochSecond(5, 6);
    var mass = new MassCancel("m", MassScope.ALL, "me", "test", null, false, false, Instant.EPOCH);
    // When
    try (Tracing tracing = Tracing.open(config(environment), new SimpleMeterRegistry())) {
      tracing.hops().took(new Hop.Spread(here, "ef".repeat(8), mass, start, start.plusSeconds(1)));
    } finally {
      server.stop(0);
    }
    // Then
    assertThat(requests).hasSize(1);
    assertThat(tokens).containsExactly("secret-of-test");
    ResourceSpans spans = requests.getFirst().getResourceSpans(0);
    assertThat(spans.getResource().getAttributesList())
        .extracting(each -> each.getKey() + "=" + each.getValue().getStringValue())
        .containsExactlyInAnyOrder(
            "service.name=countermand-ledger",
            "service.namespace=countermand",
            "service.instance.id=desk-7");
    Span span = spans.getScopeSpans(0).getSpans(0);
    assertThat(HexFormat.of().formatHex(span.getTraceId().toByteArray())).isEqualTo(here.traceId());
    assertThat(HexFormat.of().formatHex(span.getSpanId().toByteArray())).isEqualTo(here.spanId());
    assertThat(HexFormat.of().formatHex(span.getParentSpanId().toByteArray()))
        .isEqualTo("ef".repeat(8));
    assertThat(span.getStartTimeUnixNano()).isEqualTo(5_000_000_006L);
    assertThat(span.getEndTimeUnixNano()).isEqualTo(6_000_000_006L);
  }

  /** Cancels go out all the same. */
  @Test
  void shouldExportNothingWhereAFileIsMissingOrOfNoUse() throws IOException {
    Path broken =
        Files.writeString(
            directory.resolve("broken"),
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
    Map<String, Path> files =
        Map.of("HEADERS_FILE", directory.resolve("none"), "AUTHORITIES", broken);
    files.forEach(
        (key, file) -> {
          Config config =
              config(
                  Map.of(
                      ENDPOINT,
                      "https://127.0.0.1:4318",
                      "COUNTERMAND_TRACING_OTLP_" + key,
                      file.toString()));
          assertThat(toldWithoutExport(config)).contains("cannot be read");
        });
  }

  /** What the log says of it. */
  private static String toldWithoutExport(Config config) {
    var log = new ListAppender<ILoggingEvent>();
    log.start();
    Logger logger = (Logger) LoggerFactory.getLogger(Tracing.class);
    logger.addAppender(log);
    try (Tracing tracing = Tracing.open(config, new SimpleMeterRegistry())) {
      assertThat(tracing.hops()).isSameAs(Hops.NONE);
    } finally {
      logger.detachAppender(log);
    }
    assertThat(log.list).hasSize(1);
    assertThat(log.list.getFirst().getLevel()).isEqualTo(Level.ERROR);
    return log.list.getFirst().getKeyValuePairs().toString();
  }

  private static Config config(Map<String, String> environment) {
    return Config.load(Optional.empty(), environment);
  }

  /** Defines the two packages anew, and has nothing below {@code io.opentelemetry}. */
  private static final class WithoutSdk extends ClassLoader {

    WithoutSdk() {
      super(TracingTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("io.opentelemetry.")) {
        throw new ClassNotFoundException(name);
      }
      boolean ours =
          name.startsWith("io.countermand.app.tracing.")
              || name.startsWith("io.countermand.observe.otlp.");
      if (!ours) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
