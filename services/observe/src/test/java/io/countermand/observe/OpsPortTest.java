package io.countermand.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpsPortTest {

  private static final RoleInstance DESK = RoleInstance.of("desk");
  private static final RoleInstance FEED = RoleInstance.of("feed cadenza");

  private final OpsPort ops = OpsPort.open("127.0.0.1", 0);
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicReference<List<String>> missing = new AtomicReference<>(List.of());
  private final AtomicBoolean failed = new AtomicBoolean();
  private final Health health = Health.of(failed::get, missing::get);

  @AfterEach
  void close() {
    client.close();
    ops.close();
  }

  @Test
  void shouldNotBeReadyBeforeItIsToldOfARole() throws Exception {
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
  }

  @Test
  void shouldNotBeReadyUntilEveryExpectedRoleIs() throws Exception {
    // Given
    ops.expect(List.of(DESK, FEED));
    ops.add(DESK, health);
    // When
    HttpResponse<String> early = get("/health/ready");
    ops.add(FEED, health);
    HttpResponse<String> later = get("/health/ready");
    // Then
    assertThat(early.statusCode()).isEqualTo(503);
    assertThat(early.body())
        .isEqualTo(
            "{\"ready\":false,\"roles\":{\"desk\":{\"ready\":true,\"missing\":[]},"
                + "\"feed cadenza\":{\"ready\":false,\"missing\":[\"not started\"]}}}");
    assertThat(later.statusCode()).isEqualTo(200);
  }

  @Test
  void shouldSayWhatIsMissing() throws Exception {
    // Given
    ops.add(DESK, health);
    // When
    missing.set(List.of("a \"thing\""));
    // Then
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(get("/health/ready").body()).contains("[\"a \\\"thing\\\"\"]");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/metrics").body())
        .contains("countermand_ready{role=\"desk\",venue=\"\"} 0.0")
        .contains("countermand_live{role=\"desk\",venue=\"\"} 1.0");
  }

  @Test
  void shouldNotBeAliveOnceARoleHasFailed() throws Exception {
    // Given
    ops.add(DESK, health);
    ops.add(FEED, Health.of(() -> false, List::of));
    // When
    failed.set(true);
    // Then
    assertThat(get("/health/live").statusCode()).isEqualTo(503);
    assertThat(get("/health/live").body()).contains("\"desk\":{\"live\":false");
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
  }

  @Test
  void shouldNotBeReadyWhileARoleCannotTell() throws Exception {
    // Given
    ops.add(
        DESK,
        Health.of(
            () -> false,
            () -> {
              throw new IllegalStateException("password");
            }));
    // When
    HttpResponse<String> ready = get("/health/ready");
    // Then
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(ready.body()).contains("IllegalStateException").doesNotContain("password");
  }

  @Test
  void shouldForgetARoleThatWasStopped() throws Exception {
    // Given
    ops.add(DESK, health);
    ops.add(FEED, health);
    missing.set(List.of("all"));
    // When
    ops.remove(DESK);
    // Then
    assertThat(get("/metrics").body())
        .contains("countermand_ready{role=\"feed\",venue=\"cadenza\"}")
        .doesNotContain("countermand_ready{role=\"desk\"");
    assertThat(get("/health/ready").body()).doesNotContain("desk");
  }

  @Test
  void shouldServeTheJvmsOwnMetrics() throws Exception {
    // When
    HttpResponse<String> scrape = get("/metrics");
    // Then
    assertThat(scrape.statusCode()).isEqualTo(200);
    assertThat(scrape.headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertThat(scrape.body())
        .contains("jvm_memory_used_bytes{", "process_cpu_usage", "process_uptime_seconds");
  }

  @Test
  void shouldServeNothingElse() throws Exception {
    assertThat(get("/health/liveness").statusCode()).isEqualTo(404);
    assertThat(get("/").statusCode()).isEqualTo(404);
    assertThat(send("POST", "/health/live").statusCode()).isEqualTo(405);
    assertThat(send("HEAD", "/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void shouldTellOfAPortThatIsTaken() {
    assertThatThrownBy(() -> OpsPort.open("127.0.0.1", ops.port()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("http.port " + ops.port());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send("GET", path);
  }

  private HttpResponse<String> send(String method, String path)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ops.port() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
