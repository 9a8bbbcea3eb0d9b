package io.countermand.app.observe;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** Asks the HTTP ports of running processes, as a probe and a scraper do. */
public final class OpsClient implements AutoCloseable {

  private final HttpClient http = HttpClient.newHttpClient();

  HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** The metrics of all these processes together. */
  public Scrape scrape(List<Integer> ports) throws IOException, InterruptedException {
    var all = new StringBuilder();
    for (int port : ports) {
      all.append(get(port, "/metrics").body());
    }
    return Scrape.of(all.toString());
  }

  @Override
  public void close() {
    http.close();
  }
}
