package io.countermand.door;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** A program that calls the door, as it would from another machine. */
record DoorVisitor(HttpClient http, int port, String token, String scheme) {

  static final ObjectMapper JSON = new ObjectMapper();

  DoorVisitor(HttpClient http, int port, String token) {
    this(http, port, token, "http");
  }

  /**
   * @param body of what was answered; missing if there was none
   */
  record Answer(int status, JsonNode body, HttpResponse<String> response) {

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(scheme + "://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(90))
        .header("Authorization", "Bearer " + token);
  }

  Answer get(String path) throws Exception {
    return answer(request(path).GET().build());
  }

  Answer cancel(Map<String, ?> body, String... headers) throws Exception {
    return post("/v1/cancels", body, headers);
  }

  Answer massCancel(Map<String, ?> body, String... headers) throws Exception {
    return post("/v1/mass-cancels", body, headers);
  }

  Answer post(String path, Map<String, ?> body, String... headers) throws Exception {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)));
    return answer(headers.length == 0 ? request.build() : request.headers(headers).build());
  }

  Answer answer(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    return new Answer(response.statusCode(), JSON.readTree(response.body()), response);
  }
}
