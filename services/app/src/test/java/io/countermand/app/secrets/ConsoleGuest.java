package io.countermand.app.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody with a browser. Keeps all that he is shown, but not the cookies that he is given. */
final class ConsoleGuest implements AutoCloseable {

  private static final Pattern TOKEN = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

  private final CookieManager cookies = new CookieManager();
  private final HttpClient http = HttpClient.newBuilder().cookieHandler(cookies).build();
  private final String origin;
  private final Said said;

  ConsoleGuest(int port, Said said) {
    this.origin = "http://127.0.0.1:" + port;
    this.said = said;
  }

  String get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = send(path, HttpRequest.newBuilder());
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return answer.body();
  }

  /**
   * @return status
   */
  int post(String path, Map<String, String> form) throws IOException, InterruptedException {
    String page = path.equals("/sign-in") ? path : "/";
    Matcher token = TOKEN.matcher(get(page));
    assertThat(token.find()).as("a form on %s", page).isTrue();
    Map<String, String> whole = new LinkedHashMap<>(form);
    whole.put("csrf", token.group(1));
    String body =
        whole.entrySet().stream()
            .map(each -> each.getKey() + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    return send(
            path,
            HttpRequest.newBuilder()
                .header("Origin", origin)
                .header("Sec-Fetch-Site", "same-origin")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body)))
        .statusCode();
  }

  private HttpResponse<String> send(String path, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            request.uri(URI.create(origin + path)).build(), HttpResponse.BodyHandlers.ofString());
    Map<String, Object> headers = new LinkedHashMap<>(answer.headers().map());
    headers.remove("set-cookie");
    said.add("page " + path, answer.statusCode() + " " + headers + "\n" + answer.body());
    return answer;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The id of his session. */
  String session() {
    return cookies.getCookieStore().getCookies().stream()
        .filter(each -> each.getName().endsWith("-session"))
        .map(HttpCookie::getValue)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    http.close();
  }
}
