package io.countermand.app.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.journal.Journal;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/**
 * Drives the simulator from another process, and outlasts its deaths: everything is tried until it
 * has happened, and happens once.
 */
final class SimulatorAdmin implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(150);

  /** At a few percent each: silence, a reset and a failure, before and after the effect. */
  private static final String FAULTS =
      """
      {"probability":0.12,"faults":[
        {"fault":"no-answer","effect":true,"millis":6000},
        {"fault":"no-answer","effect":false,"millis":6000},
        {"fault":"reset","effect":true},{"fault":"reset","effect":false},
        {"fault":"server-error","effect":true,"status":502},
        {"fault":"server-error","effect":false,"status":503}]}
      """;

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final String url;

  SimulatorAdmin(int port) {
    this(URI.create("http://127.0.0.1:" + port));
  }

  /**
   * @param simulator without a path
   */
  SimulatorAdmin(URI simulator) {
    this.url = simulator.resolve("/admin/").toString();
  }

  /** A new order; returns once the book has it. */
  void place(OrderRef order, BigDecimal quantity) throws InterruptedException {
    insist("orders", body(order, quantity).toString()); // 409: an earlier try came through
  }

  /** Many at once, which no fault disturbs. */
  void place(List<OrderRef> orders, BigDecimal quantity) throws InterruptedException {
    var all = JSON.createArrayNode();
    orders.forEach(order -> all.add(body(order, quantity)));
    insist("orders", all.toString());
  }

  private static ObjectNode body(OrderRef order, BigDecimal quantity) {
    return JSON.createObjectNode()
        .put("venue", order.venue())
        .put("account", order.account())
        .put("orderId", order.orderId())
        .put("quantity", quantity.toPlainString());
  }

  /** From now on nothing goes wrong at the venue. */
  void calm() throws InterruptedException {
    while (ask("DELETE", "faults", "").status() <= 0) {
      Thread.sleep(PAUSE);
    }
  }

  /** Executes all that is open; nothing if it is not open any more. */
  void fill(OrderRef order) throws InterruptedException {
    insist(path(order) + "/fill", "{}");
  }

  /** Executes until so much is filled in all. */
  void fillTo(OrderRef order, BigDecimal filled) throws InterruptedException {
    String quantity = "{\"quantity\":\"" + filled.toPlainString() + "\"}";
    while (true) {
      Said now = ask("GET", path(order), "");
      if (now.status() == 404 || done(now, filled)) {
        return;
      }
      if (now.status() == 200 && ask("POST", path(order) + "/fill", quantity).status() > 0) {
        return;
      }
      Thread.sleep(PAUSE);
    }
  }

  private static boolean done(Said now, BigDecimal filled) {
    try {
      var order = JSON.readTree(now.body());
      return now.status() == 200
          && new BigDecimal(order.path("filled").asText("0")).compareTo(filled) >= 0;
    } catch (IOException | NumberFormatException e) {
      return false;
    }
  }

  /** Somebody else cancels it. */
  void cancel(OrderRef order) throws InterruptedException {
    insist(path(order) + "/cancel", "{}");
  }

  /** A simulator forgets its faults when it dies. */
  void script() throws InterruptedException {
    insist("faults", FAULTS);
  }

  /**
   * All that the simulator has noted so far, page by page.
   *
   * @throws IOException if it does not answer
   */
  Journal journal() throws IOException, InterruptedException {
    Path lines = Files.createTempFile("journal", ".jsonl");
    try {
      long next = 1;
      while (true) {
        Said page = ask("GET", "journal?since=" + next, "", LONG);
        if (page.status() != 200) {
          throw new IOException("the simulator does not tell its journal: " + page.status());
        }
        var entries = JSON.readTree(page.body());
        if (entries.isEmpty()) {
          return Journal.read(lines);
        }
        var text = new StringBuilder();
        for (var entry : entries) {
          text.append(entry).append('\n');
          next = entry.path("seq").asLong() + 1;
        }
        Files.writeString(lines, text, StandardOpenOption.APPEND);
      }
    } finally {
      Files.delete(lines);
    }
  }

  private void insist(String path, String body) throws InterruptedException {
    while (ask("POST", path, body).status() <= 0) {
      Thread.sleep(PAUSE);
    }
  }

  private static String path(OrderRef order) {
    return "orders/" + order.key();
  }

  /**
   * @param status 0: no answer
   */
  private record Said(int status, String body) {}

  private Said ask(String method, String path, String body) throws InterruptedException {
    return ask(method, path, body, TIMEOUT);
  }

  private Said ask(String method, String path, String body, Duration timeout)
      throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(timeout)
            .method(method, BodyPublishers.ofString(body))
            .build();
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      return new Said(answer.statusCode() >= 500 ? 0 : answer.statusCode(), answer.body());
    } catch (IOException e) {
      return new Said(0, "");
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
