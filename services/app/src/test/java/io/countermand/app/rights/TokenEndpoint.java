package io.countermand.app.rights;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.concurrent.Executors;

/**
 * Where a client gets its token for its id and secret (OAuth 2, client credentials), as {@code
 * ClientCredentialsJwtRetriever} of Kafka's clients asks. Thread-safe.
 */
final class TokenEndpoint implements AutoCloseable {

  /** What it gives on. */
  interface Tokens {

    String of(String client) throws Exception;
  }

  private static final String SECRET = "no-secret-of-";

  private final HttpServer server;
  private volatile Tokens tokens;

  private TokenEndpoint(HttpServer server, Tokens tokens) {
    this.server = server;
    this.tokens = tokens;
  }

  static TokenEndpoint open(Tokens tokens) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var endpoint = new TokenEndpoint(HttpServer.create(address, 0), tokens);
    endpoint.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    endpoint.server.createContext("/token", endpoint::answer);
    endpoint.server.start();
    return endpoint;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
  }

  static String secret(String client) {
    return SECRET + client;
  }

  /** From now on. */
  void gives(Tokens other) {
    tokens = other;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String given = exchange.getRequestHeaders().getFirst("Authorization");
      String who = new String(Base64.getDecoder().decode(given.replace("Basic ", "")), UTF_8);
      String client = who.substring(0, who.indexOf(':'));
      String asked = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      boolean known =
          who.equals(client + ":" + secret(client))
              && asked.contains("grant_type=client_credentials");
      byte[] answer =
          (known
                  ? "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":300}"
                      .formatted(token(client))
                  : "{\"error\":\"invalid_client\"}")
              .getBytes(UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(known ? 200 : 401, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private String token(String client) throws IOException {
    try {
      return tokens.of(client);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
