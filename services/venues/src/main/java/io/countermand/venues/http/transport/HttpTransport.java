package io.countermand.venues.http.transport;

import io.countermand.venues.Secret;
import io.countermand.venues.VenueSettings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 to one base URL, each exchange bounded in time and memory as a whole. Never follows a
 * redirect, never sends a POST twice. Thread-safe.
 */
public final class HttpTransport implements AutoCloseable {

  static final int MAX_BODY = HttpCall.MOST;

  /**
   * The JDK's own timer, which knows whether it was still connecting, should fire first, also on a
   * machine so busy that it is late: on what it knows rests whether a cancel was sent.
   */
  private static final Duration HEAD_START = Duration.ofMillis(250);

  private final String base;
  private final Clock clock;
  private final Map<String, String> headers;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;
  private volatile boolean closed;

  /**
   * @throws IllegalStateException where the JVM is told to send POSTs again by itself
   */
  public HttpTransport(VenueSettings settings) {
    String retry = System.getProperty("jdk.httpclient.enableAllMethodRetry");
    if (retry != null && !retry.equals("false")) {
      throw new IllegalStateException(
          "unset jdk.httpclient.enableAllMethodRetry: it doubles calls");
    }
    String url = settings.baseUrl().toString();
    base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    clock = settings.clock();
    headers = HttpClients.headers(settings.http());
    client =
        HttpClients.builder(settings.http(), settings.connectTimeout()).executor(executor).build();
  }

  public String url(HttpCall call) {
    return base + call.path();
  }

  /**
   * @param token sent as Bearer; null: no Authorization
   * @param timeout for everything, body included
   */
  public Exchange send(HttpCall call, @Nullable Secret token, Duration timeout) {
    if (closed) {
      return new Exchange.NotConnected("the adapter is closed");
    }
    CompletableFuture<HttpResponse<BoundedBody.Body>> answer;
    try {
      answer =
          client.sendAsync(request(call, token, timeout), info -> new BoundedBody(call.most()));
    } catch (RuntimeException e) {
      // The message may quote a header.
      return new Exchange.NotConnected(
          "the request cannot be written (" + e.getClass().getSimpleName() + ")");
    }
    try {
      HttpResponse<BoundedBody.Body> response = answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return new Exchange.Complete(reply(response, call.most()));
    } catch (ExecutionException e) {
      return failed(e.getCause() == null ? e : e.getCause(), timeout);
    } catch (TimeoutException e) {
      return noAnswer(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Exchange.Broken("interrupted while waiting for the answer");
    } finally {
      answer.cancel(true); // closes the connection of an exchange that is not complete
    }
  }

  private HttpRequest request(HttpCall call, @Nullable Secret token, Duration timeout) {
    Duration quarter = timeout.dividedBy(4);
    Duration inner = timeout.minus(quarter.compareTo(HEAD_START) < 0 ? quarter : HEAD_START);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url(call)))
            .timeout(inner.isPositive() ? inner : timeout)
            .method(
                call.method(),
                call.body() == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(call.body()));
    call.headers().forEach(request::setHeader);
    headers.forEach(request::setHeader);
    if (token != null) {
      request.setHeader("Authorization", "Bearer " + token.reveal());
    }
    return request.build();
  }

  private HttpReply reply(HttpResponse<BoundedBody.Body> response, int most) {
    Map<String, String> headers = new HashMap<>();
    response
        .headers()
        .map()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    BoundedBody.Body body = response.body();
    byte[] plain = body.cut ? body.bytes : Unzip.plain(body.bytes, headers, most);
    return HttpReply.of(
        response.statusCode(),
        headers,
        plain == null ? body.bytes : plain,
        body.cut || plain == null,
        clock.instant());
  }

  /** Messages of exceptions are not kept: they may quote a header. */
  private static Exchange failed(Throwable failure, Duration timeout) {
    return switch (failure) {
      case HttpConnectTimeoutException e -> new Exchange.NotConnected("no connection in time");
      case HttpTimeoutException e -> noAnswer(timeout);
      case ConnectException e -> new Exchange.NotConnected("connection refused or no such host");
      case SSLHandshakeException e -> new Exchange.NotConnected("TLS handshake failed");
      case IOException e ->
          new Exchange.Broken("connection broke (" + e.getClass().getSimpleName() + ")");
      default -> new Exchange.Broken("failed (" + failure.getClass().getSimpleName() + ")");
    };
  }

  private static Exchange noAnswer(Duration timeout) {
    return new Exchange.Broken("no complete answer within %d ms".formatted(timeout.toMillis()));
  }

  @Override
  public void close() {
    closed = true;
    client.shutdownNow();
    executor.shutdownNow();
  }
}
