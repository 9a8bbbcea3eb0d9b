package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.countermand.app.local.LocalStack;
import io.countermand.bench.measure.Latencies;
import io.countermand.client.CancelClient;
import io.countermand.client.Connection;
import io.countermand.client.SentCancel;
import io.countermand.events.CancelResult;
import io.countermand.events.OrderKey;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.request.CallKind;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A console with ten who look, while cancels come in. What it measures it prints; what it asserts
 * is that each live view tells of every outcome, shown or left out, and that a console that is
 * killed costs no cancel. {@code infra/build/console-load} runs it for ten minutes.
 */
@Tag("long")
@Tag("alone")
@Timeout(value = 40, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleLoadTest {

  private static final int SECONDS = Integer.getInteger("countermand.console-load.seconds", 10);
  private static final int PAIR = Math.min(SECONDS, 30);
  private static final int PAIRS = SECONDS < 60 ? 1 : 3;
  private static final int PER_SECOND = 100;
  private static final int TAILS = 5;
  private static final int PICTURES = 4;
  private static final String VENUE = "cadenza";
  private static final String ACCOUNT = "Load";
  private static final List<String> PAGES =
      List.of(
          "/",
          "/cancels",
          "/orders",
          "/unresolved",
          "/dead-letters",
          "/mass-cancels",
          "/kill",
          "/venues");

  private final HttpClient http = HttpClient.newHttpClient();
  private Path data;
  private LocalStack stack;
  private CancelClient client;
  private Chromium browser;
  private int last;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    assumeTrue(Chromium.here(), "no chromium here");
    data = directory;
    browser = Chromium.start(Files.createDirectory(data.resolve("browser")));
    stack =
        LocalStack.start(
            new LocalStack.Options(
                data.resolve("stack"),
                0,
                0,
                Map.of(VENUE, VENUE),
                "5ms",
                true,
                Map.of("COUNTERMAND_HTTP_PORT", "0", "COUNTERMAND_VENUES_CADENZA_TIMEOUT", "60s")),
            line -> {});
    client =
        CancelClient.connect(
            Connection.of(stack.connection().bootstrapServers(), stack.connection().registryUrl()));
    load(Math.min(SECONDS, 20)); // warms up
  }

  @AfterAll
  void stop() {
    if (client != null) {
      client.close();
    }
    if (stack != null) {
      stack.close();
    }
    if (browser != null) {
      browser.close();
    }
    http.close();
  }

  @Test
  @Order(1)
  void shouldTellTenWhoLookOfEachOutcome() throws Exception {
    try (var console = ConsoleProcess.start(stack, http, data.resolve("console.log"));
        var lookers = new Lookers(console)) {
      BrowserTab tab = browser.open("http://127.0.0.1:" + console.port());
      tab.look(1280, false);
      tab.open("/cancels");
      tab.await("document.getElementById('tail-says').textContent.startsWith('New outcomes')");
      // When
      Thread memory = Thread.startVirtualThread(() -> memory(console, tab));
      Latencies toVenue = load(SECONDS);
      memory.join();
      // Then
      int outcomes = SECONDS * PER_SECOND;
      Awaitility.await("all is told")
          .atMost(Duration.ofSeconds(60))
          .until(() -> lookers.tails.stream().allMatch(each -> told(each) >= outcomes));
      print("to the venue beside them", toVenue);
      print(lookers.millis.size() + " pages", lookers.pages());
      for (LiveReader each : lookers.tails) {
        System.out.printf(
            "CONSOLE-LOAD a tail: %d outcomes, %d shown, %d said to be left out%n",
            outcomes, each.rows(), each.left());
        assertThat(told(each)).as("shown and left out").isEqualTo(outcomes);
        assertThat(each.ended()).isFalse();
      }
      for (LiveReader each : lookers.pictures) {
        System.out.printf("CONSOLE-LOAD a picture: %d times%n", each.events());
        assertThat(each.ended()).isFalse();
      }
      assertThat(lookers.wrong).isEmpty();
      String says = "document.getElementById('skipped').textContent";
      System.out.println("CONSOLE-LOAD the browser's tail: " + tab.eval(says).asText());
      assertThat(tab.problems()).isEmpty();
      tab.close();
    }
  }

  @Test
  @Order(2)
  void shouldCostNoCancelWithItsReadersOrByItsEnd() throws Exception {
    for (int i = 0; i < PAIRS; i++) {
      print("to the venue without a console", load(PAIR));
      try (var console = ConsoleProcess.start(stack, http, data.resolve("pair.log"));
          var _ = new Lookers(console)) {
        print("to the venue with one and nine readers", load(PAIR));
        Thread end =
            Thread.startVirtualThread(
                () -> {
                  LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
                  console.close();
                });
        print("to the venue, the console killed meanwhile", load(Math.min(PAIR, 10)));
        end.join();
      }
    }
  }

  private static long told(LiveReader tail) {
    return tail.rows() + tail.left();
  }

  /** Live views, and somebody who opens one page after the other. */
  private final class Lookers implements AutoCloseable {

    final List<LiveReader> tails = new ArrayList<>();
    final List<LiveReader> pictures = new ArrayList<>();
    final ConcurrentLinkedQueue<Long> millis = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Thread pages;
    private volatile boolean closed;

    Lookers(ConsoleProcess console) throws Exception {
      for (int i = 0; i < TAILS; i++) {
        tails.add(LiveReader.open(http, console.at("/cancels/live")));
      }
      for (int i = 0; i < PICTURES; i++) {
        pictures.add(LiveReader.open(http, console.at("/now/live?window=5m")));
      }
      pages = Thread.startVirtualThread(() -> look(console));
    }

    private void look(ConsoleProcess console) {
      for (int i = 0; !closed && console.process().isAlive(); i++) {
        String path = PAGES.get(i % PAGES.size());
        long from = System.nanoTime();
        try {
          HttpResponse<String> page =
              http.send(HttpRequest.newBuilder(console.at(path)).build(), BodyHandlers.ofString());
          millis.add((System.nanoTime() - from) / 1_000);
          if (page.statusCode() != 200) {
            wrong.add(path + " says " + page.statusCode());
          }
        } catch (java.io.IOException | InterruptedException e) {
          if (!closed && console.process().isAlive()) {
            wrong.add(path + ": " + e);
          }
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
      }
    }

    Latencies pages() {
      return Latencies.of(millis.stream().mapToLong(Long::longValue).toArray());
    }

    @Override
    public void close() throws InterruptedException {
      closed = true;
      pages.join();
      tails.forEach(LiveReader::close);
      pictures.forEach(LiveReader::close);
    }
  }

  /** Ten times in its time. */
  private static void memory(ConsoleProcess console, BrowserTab tab) {
    for (int i = 1; i <= 10; i++) {
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(SECONDS) / 11);
      try {
        System.out.printf(
            Locale.ROOT,
            "CONSOLE-LOAD after %d s: heap %.1f MB, resident %.0f MB; browser %.1f MB, %d nodes%n",
            SECONDS * i / 11,
            console.live() / 1e6,
            console.resident() / 1e6,
            tab.eval("performance.memory.usedJSHeapSize").asLong() / 1e6,
            tab.eval("document.querySelectorAll('*').length").asInt());
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  private static void print(String what, Latencies measured) {
    System.out.printf(
        Locale.ROOT,
        "CONSOLE-LOAD %s: ms p50 %.1f p90 %.1f p99 %.1f longest %.0f%n",
        what,
        measured.p50(),
        measured.p90(),
        measured.p99(),
        measured.max());
  }

  /**
   * An open loop. Each order is cancelled, by one call; from when it was due until the venue has
   * it.
   */
  private Latencies load(int seconds) throws Exception {
    int from = last;
    last += seconds * PER_SECOND;
    for (int i = from; i < last; i++) {
      stack.simulator().book().place(NewOrder.of(VENUE, ACCOUNT, "c" + i, "10"));
    }
    Map<String, Instant> due = new HashMap<>();
    List<SentCancel> sent = new ArrayList<>();
    Instant start = Instant.now();
    long begin = System.nanoTime();
    for (int i = from; i < last; i++) {
      long after = (i - from) * 1_000_000_000L / PER_SECOND;
      for (long left = begin + after - System.nanoTime();
          left > 0;
          left = begin + after - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      due.put("c" + i, start.plusNanos(after));
      sent.add(
          client
              .cancel(OrderKey.of(VENUE, ACCOUNT, "c" + i))
              .within(Duration.ofSeconds(60))
              .dispatch());
    }
    for (SentCancel each : sent) {
      assertThat(each.outcome().get(120, TimeUnit.SECONDS).getResult())
          .isEqualTo(CancelResult.CANCELED);
    }
    long[] micros =
        stack.simulator().journal().calls(CallKind.CANCEL).stream()
            .map(call -> call.received())
            .filter(call -> due.containsKey(call.orderId()))
            .mapToLong(
                call -> Duration.between(due.get(call.orderId()), call.at()).toNanos() / 1_000)
            .toArray();
    assertThat(micros).as("calls, one an order").hasSize(seconds * PER_SECOND);
    return Latencies.of(micros);
  }
}
