package io.countermand.simulator.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.simulator.options.Doubt;
import io.countermand.simulator.request.CallKind;
import io.countermand.simulator.request.HttpAnswer;
import io.countermand.simulator.request.SimulatorJson;
import io.countermand.simulator.request.VenueRequest;
import io.countermand.simulator.venue.Instance;
import io.countermand.simulator.venue.SimulatedCrossTrade;
import java.util.Map;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * CrossTrade's RPC over one WebSocket; each request on its own thread, answers in any order. Public
 * because Jetty calls it.
 */
public final class CrossTradeSession implements Session.Listener.AutoDemanding {

  private final Instance instance;
  private final RequestHandler desk;
  private final @Nullable String bearer;
  private @Nullable SocketTransport transport;

  /**
   * @param bearer the token of the handshake
   */
  CrossTradeSession(Instance instance, RequestHandler desk, @Nullable String bearer) {
    this.instance = instance;
    this.desk = desk;
    this.bearer = bearer;
  }

  @Override
  public void onWebSocketOpen(Session session) {
    transport = new SocketTransport(session, desk.timer());
    instance.sockets().add(session);
  }

  @Override
  public void onWebSocketClose(
      int code, String reason, org.eclipse.jetty.websocket.api.Callback callback) {
    if (transport != null) {
      instance.sockets().remove(transport.session());
    }
    callback.succeed();
  }

  @Override
  public void onWebSocketText(String message) {
    var to = transport;
    if (to != null) {
      Thread.ofVirtual()
          .name("venue-rpc")
          .start(() -> answer(SimulatorJson.parse(message), message, to));
    }
  }

  private void answer(JsonNode message, String text, SocketTransport to) {
    var served = desk.serve(instance, read(message, text));
    to.carry(served, envelope(message.path("id"), served.answer()));
  }

  private VenueRequest read(JsonNode message, String text) {
    var api = message.path("api").asText();
    var args = message.path("args");
    var kind =
        switch (message.path("action").asText().equals("rpc") ? api : "") {
          case SimulatedCrossTrade.CANCEL -> CallKind.CANCEL;
          case SimulatedCrossTrade.CANCEL_ALL -> CallKind.MASS_CANCEL;
          case SimulatedCrossTrade.STATUS, SimulatedCrossTrade.ORDER -> CallKind.STATUS;
          default -> CallKind.OTHER;
        };
    var id = SimulatorJson.text(args, "orderId");
    boolean accounts =
        message.path("action").asText().equals("rpc") && api.equals(SimulatedCrossTrade.ACCOUNTS);
    boolean complete = kind == CallKind.MASS_CANCEL || accounts || id != null;
    return new VenueRequest(
        complete ? kind : CallKind.OTHER,
        complete && (kind != CallKind.OTHER || accounts) ? api : "",
        instance.options().name(),
        SimulatorJson.text(args, "account"),
        id,
        bearer,
        Map.of(),
        args,
        "rpc " + api,
        null,
        text);
  }

  /**
   * Where an error stands is not documented: one that has {@code success} stands inside {@code
   * data}, another one at the top.
   */
  private String envelope(JsonNode id, HttpAnswer answer) {
    var body = SimulatorJson.parse(answer.body());
    var options = instance.options();
    boolean onTop =
        !options.doubts(Doubt.ERRORS_INSIDE)
            && (options.doubts(Doubt.ERRORS_ON_TOP) || !body.has("success"));
    if (answer.status() >= 400 && body.has("error") && onTop) {
      return "{\"id\":" + id + ",\"error\":" + body.get("error") + "}";
    }
    return "{\"id\":" + id + ",\"data\":" + answer.body() + "}";
  }
}
