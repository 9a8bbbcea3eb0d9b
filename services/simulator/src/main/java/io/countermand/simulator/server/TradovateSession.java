package io.countermand.simulator.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.domain.order.OrderEvent;
import io.countermand.simulator.request.CallKind;
import io.countermand.simulator.request.HttpAnswer;
import io.countermand.simulator.request.SimulatorJson;
import io.countermand.simulator.request.VenueRequest;
import io.countermand.simulator.venue.Instance;
import io.countermand.simulator.venue.SimulatedTradovate;
import io.countermand.simulator.venue.TradovateBodies;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * Tradovate's WebSocket: frames {@code o}, {@code h}, {@code a[…]}, {@code c[…]}; a request is
 * endpoint, id, query and body on a line each; after {@code user/syncrequest} the order feed.
 * Public because Jetty calls it.
 */
public final class TradovateSession implements Session.Listener.AutoDemanding {

  static final Duration HEARTBEAT = Duration.ofMillis(2_500);

  /** A client that sends nothing for so long is sent away. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final Instance instance;
  private final RequestHandler desk;
  private final Consumer<OrderEvent> listener = this::tell;
  private @Nullable SocketTransport transport;
  private volatile @Nullable String token;
  private volatile long heard = System.nanoTime();

  TradovateSession(Instance instance, RequestHandler desk) {
    this.instance = instance;
    this.desk = desk;
  }

  @Override
  public void onWebSocketOpen(Session session) {
    transport = new SocketTransport(session, desk.timer());
    instance.sockets().add(session);
    transport.send("o");
    beat(transport);
  }

  @Override
  public void onWebSocketClose(int code, String reason, Callback callback) {
    instance.feed().leave(listener);
    if (transport != null) {
      instance.sockets().remove(transport.session());
    }
    callback.succeed();
  }

  private void beat(SocketTransport to) {
    desk.timer()
        .after(
            HEARTBEAT,
            () -> {
              if (System.nanoTime() - heard > SILENCE.toNanos()) {
                to.send("c[3000,\"Go away!\"]");
                to.session().close();
              } else if (to.session().isOpen()) {
                to.send("h");
                beat(to);
              }
            });
  }

  @Override
  public void onWebSocketText(String frame) {
    heard = System.nanoTime();
    var to = transport;
    if (to != null && !frame.equals("[]")) {
      Thread.ofVirtual().name("venue-frame").start(() -> answer(frame, to));
    }
  }

  private void answer(String frame, SocketTransport to) {
    var parts = frame.split("\n", 4);
    var body = parts.length > 3 ? parts[3] : "";
    var ask = read(parts[0], body);
    if (ask.op().equals(SimulatedTradovate.SYNC) && token != null) {
      // Before the picture is taken, so that no change falls between the two.
      instance.feed().leave(listener);
      instance.feed().listen(listener);
    }
    var served = desk.serve(instance, ask);
    if (ask.op().equals(SimulatedTradovate.AUTHORIZE) && served.answer().status() == 200) {
      token = body;
    }
    to.carry(served, wrap(parts.length > 1 ? parts[1] : "0", served.answer()));
  }

  private VenueRequest read(String endpoint, String body) {
    var json = SimulatorJson.parse(body);
    var kind =
        switch (endpoint) {
          case SimulatedTradovate.CANCEL -> CallKind.CANCEL;
          case SimulatedTradovate.ITEM -> CallKind.STATUS;
          case SimulatedTradovate.AUTHORIZE, SimulatedTradovate.SYNC -> CallKind.FEED;
          default -> CallKind.OTHER;
        };
    boolean authorize = endpoint.equals(SimulatedTradovate.AUTHORIZE);
    return new VenueRequest(
        kind,
        kind == CallKind.OTHER ? "" : endpoint,
        instance.options().name(),
        null,
        kind == CallKind.STATUS ? json.path("id").asText() : SimulatedTradovate.orderId(json),
        authorize ? body : token,
        Map.of(),
        json,
        "ws " + endpoint,
        null,
        authorize ? "***" : body);
  }

  private static String wrap(String id, HttpAnswer answer) {
    var head = "a[{\"s\":" + answer.status() + ",\"i\":" + id;
    if (answer.body().isEmpty()) {
      return head + "}]";
    }
    boolean json = answer.contentType().equals(HttpAnswer.JSON);
    return head + ",\"d\":" + (json ? answer.body() : SimulatorJson.quote(answer.body())) + "}]";
  }

  private void tell(OrderEvent event) {
    var to = transport;
    if (to != null && to.session().isOpen()) {
      to.send("a[" + props(event) + "]");
    }
  }

  private JsonNode props(OrderEvent event) {
    var first = event.sequence() != null && event.sequence() == 1;
    var node = SimulatorJson.object().put("e", "props");
    node.putObject("d")
        .put("entityType", "order")
        .put("eventType", first ? "Created" : "Updated")
        .set(
            "entity",
            TradovateBodies.order(event)
                .put("ordStatus", instance.options().word(event.ordStatus())));
    return node;
  }
}
