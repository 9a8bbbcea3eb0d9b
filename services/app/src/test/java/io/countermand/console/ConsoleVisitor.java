package io.countermand.console;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody with a browser: keeps cookies, and sends forms as a page of the console does. */
final class ConsoleVisitor {

  private static final Pattern TOKEN = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

  private final HttpClient http;
  private final int port;
  final Map<String, String> cookies = new LinkedHashMap<>();

  /** What he was shown. */
  final List<String> pages = new CopyOnWriteArrayList<>();

  private final String prefix;

  ConsoleVisitor(HttpClient http, int port) {
    this(http, port, false);
  }

  /**
   * @param secure whether browsers reach it by TLS, too
   */
  ConsoleVisitor(HttpClient http, int port, boolean secure) {
    this.http = http;
    this.port = port;
    this.prefix = secure ? "__Host-countermand-" : "countermand-" + port + "-";
  }

  String origin() {
    return "http://127.0.0.1:" + port;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  /** As a page elsewhere may have him ask. */
  HttpResponse<String> get(String path, Map<String, String> headers)
      throws IOException, InterruptedException {
    var request = request(path);
    headers.forEach(request::setHeader);
    return send(request);
  }

  private HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(URI.create(origin() + path));
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(each -> each.getKey() + "=" + each.getValue())
              .collect(Collectors.joining("; ")));
    }
    return request;
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    var response = http.send(request.build(), BodyHandlers.ofString());
    pages.add(response.uri() + "\n" + response.body());
    for (String each : response.headers().allValues("Set-Cookie")) {
      String[] parts = each.split(";", 2)[0].split("=", 2);
      if (each.contains("Max-Age=0")) {
        cookies.remove(parts[0]);
      } else {
        cookies.put(parts[0], parts[1]);
      }
    }
    return response;
  }

  /** What the forms of a page carry. */
  String token(String path) throws IOException, InterruptedException {
    Matcher token = TOKEN.matcher(get(path).body());
    return token.find() ? token.group(1) : "";
  }

  /** As the browser sends a form of a page of the console. */
  HttpResponse<String> post(String path, Map<String, String> form)
      throws IOException, InterruptedException {
    Map<String, String> whole = new LinkedHashMap<>(form);
    whole.put("csrf", token(path.equals("/sign-in") ? path : "/"));
    return post(path, whole, Map.of("Origin", origin(), "Sec-Fetch-Site", "same-origin"));
  }

  /** As somebody else may send it. */
  HttpResponse<String> post(String path, Map<String, String> form, Map<String, String> headers)
      throws IOException, InterruptedException {
    return post(
        path,
        form.entrySet().stream()
            .map(each -> each.getKey() + "=" + DisplayText.encoded(each.getValue()))
            .collect(Collectors.joining("&")),
        headers);
  }

  /** A form whose fields are encoded already. */
  HttpResponse<String> post(String path, String form, Map<String, String> headers)
      throws IOException, InterruptedException {
    var request =
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form));
    headers.forEach(request::setHeader);
    return send(request);
  }

  HttpResponse<String> signIn(String name, String password)
      throws IOException, InterruptedException {
    return post("/sign-in", Map.of("name", name, "password", password));
  }

  /** The id of his session; empty: he has none. */
  String session() {
    return cookie("session");
  }

  /** Empty: he has none of that name. */
  String cookie(String name) {
    return cookies.getOrDefault(prefix + name, "");
  }
}
