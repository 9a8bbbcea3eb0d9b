package io.countermand.simulator.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.countermand.simulator.options.VenueKind;
import io.countermand.simulator.request.HttpAnswer;
import io.countermand.simulator.request.Incoming;
import io.countermand.simulator.request.VenueRequest;
import io.countermand.simulator.venue.Instance;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.http.DateGenerator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;
import org.eclipse.jetty.util.UrlEncoded;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.jspecify.annotations.Nullable;

/** The HTTP side of all instances: {@code /<instance>/...} and {@code /admin/...}. */
public final class HttpFront extends Handler.Abstract {

  private static final int MAX_BODY = 32 << 20;

  private final Map<String, Instance> instances;
  private final RequestHandler desk;
  private final AdminApi admin;
  private final InstantSource clock;
  private @Nullable ServerWebSocketContainer sockets;

  public HttpFront(
      Map<String, Instance> instances, RequestHandler desk, AdminApi admin, InstantSource clock) {
    this.instances = instances;
    this.desk = desk;
    this.admin = admin;
    this.clock = clock;
  }

  void upgradeWith(ServerWebSocketContainer sockets) {
    this.sockets = sockets;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws IOException {
    var in = incoming(request);
    response.getHeaders().put(HttpHeader.DATE, DateGenerator.formatDate(clock.instant()));
    var transport = new AnswerSender(request, response, callback, desk.timer());
    var instance = instances.get(in.venue());
    if (instance != null) {
      var ask = instance.api().read(in);
      var served = desk.serve(instance, ask);
      if (served.answer().status() == HttpAnswer.UPGRADE) {
        return upgrade(instance, ask, request, response, callback);
      }
      transport.carry(served);
    } else if (in.venue().equals("admin")) {
      transport.send(admin.answer(in));
    } else {
      transport.send(HttpAnswer.json(404, "{\"error\":\"no such instance\"}"));
    }
    return true;
  }

  private boolean upgrade(
      Instance instance, VenueRequest ask, Request request, Response response, Callback callback) {
    var listener =
        instance.options().kind() == VenueKind.TRADOVATE
            ? new TradovateSession(instance, desk)
            : new CrossTradeSession(instance, desk, ask.bearer());
    return Objects.requireNonNull(sockets)
        .upgrade((asked, answer, done) -> listener, request, response, callback);
  }

  private static Incoming incoming(Request request) throws IOException {
    var uri = request.getHttpURI();
    var raw = uri.getPath() == null ? "/" : uri.getPath();
    var segments = Arrays.stream(raw.substring(1).split("/", -1)).map(HttpFront::decode).toList();
    var type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    return new Incoming(
        segments.getFirst(),
        request.getMethod(),
        List.copyOf(segments.subList(1, segments.size())),
        request.getMethod() + " " + raw,
        query(uri.getQuery()),
        bearer(request),
        type == null ? "" : type,
        "websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE)),
        request.getHeaders().get("traceparent"),
        body(request));
  }

  private static String decode(String segment) {
    try {
      return URIUtil.decodePath(segment);
    } catch (RuntimeException e) {
      return segment;
    }
  }

  private static Map<String, String> query(@Nullable String query) {
    var parameters = new LinkedHashMap<String, String>();
    if (query != null) {
      UrlEncoded.decodeQuery(query)
          .forEach((name, values) -> parameters.put(name, values.getFirst()));
    }
    return parameters;
  }

  private static @Nullable String bearer(Request request) {
    var header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    return header != null && header.startsWith("Bearer ") ? header.substring(7) : null;
  }

  /** Bounded: the simulator is no target. */
  private static String body(Request request) throws IOException {
    if (request.getLength() == 0) {
      return "";
    }
    try (InputStream in = Content.Source.asInputStream(request)) {
      return new String(in.readNBytes(MAX_BODY), UTF_8);
    }
  }
}
