package io.countermand.bench.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countermand.bench.load.IntentBatch;
import io.countermand.domain.order.OrderRef;
import io.countermand.platform.process.ChildProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** The simulator, a process of its own, new for each variant: its journal lives in its memory. */
public final class VenueProcess implements AutoCloseable {

  /** What every call takes; a load's own latency comes on top. */
  static final Duration LEAST_LATENCY = Duration.ofMillis(5);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CHUNK = 2_000;

  private final ChildProcess child;
  private final String admin;
  private final HttpClient http = HttpClient.newHttpClient();

  /** Returns when it serves. */
  public VenueProcess(ChildProcess child, int port) throws IOException, InterruptedException {
    this.child = child;
    this.admin = "http://127.0.0.1:" + port + "/admin/";
    long giveUp = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!serves()) {
      if (System.nanoTime() > giveUp || !child.isAlive()) {
        throw new IllegalStateException("the simulator did not start; see its log");
      }
      Thread.sleep(50);
    }
  }

  public long pid() {
    return child.pid();
  }

  /** From now on, each call takes so long. */
  public void latency(Duration latency) throws IOException, InterruptedException {
    ask("DELETE", "faults", "");
    Duration more = latency.minus(LEAST_LATENCY);
    if (more.isPositive()) {
      ask(
          "POST",
          "faults",
          "{\"faults\":[{\"fault\":\"delay\",\"millis\":%d}]}".formatted(more.toMillis()));
    }
  }

  /** Places the load's orders, and executes those that are to be terminal. */
  public void place(IntentBatch batch) throws IOException, InterruptedException {
    ArrayNode operations = JSON.createArrayNode();
    List<OrderRef> orders = batch.orders();
    for (int i = 0; i < orders.size(); i++) {
      operations.add(operation("place", orders.get(i)).put("quantity", "1"));
      if (batch.load().terminal(i)) {
        operations.add(operation("fill", orders.get(i)));
      }
      if (operations.size() >= CHUNK || i == orders.size() - 1) {
        JsonNode done = JSON.readTree(ask("POST", "batch", operations.toString()));
        if (!done.path("failed").isEmpty()) {
          throw new IllegalStateException("orders could not be placed: " + done);
        }
        operations.removeAll();
      }
    }
  }

  private static ObjectNode operation(String op, OrderRef order) {
    return JSON.createObjectNode()
        .put("op", op)
        .put("venue", order.venue())
        .put("account", order.account())
        .put("orderId", order.orderId());
  }

  private boolean serves() throws InterruptedException {
    try {
      ask("GET", "faults", "");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private String ask(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(admin + path))
            .method(method, BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IllegalStateException("the simulator says " + answer.statusCode());
    }
    return answer.body();
  }

  @Override
  public void close() {
    http.shutdownNow();
    child.kill(); // it has nothing to finish
  }
}
