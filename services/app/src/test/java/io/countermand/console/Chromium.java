package io.countermand.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** Debian's Chromium without a window, driven over its DevTools protocol. Thread-safe. */
final class Chromium implements AutoCloseable {

  private static final Path PROGRAM = Path.of("/usr/bin/chromium");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final JsonMapper JSON = new JsonMapper();

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
  private final Map<String, Consumer<JsonNode>> tabs = new ConcurrentHashMap<>();

  private Chromium(Process process, URI address) {
    this.process = process;
    this.socket = http.newWebSocketBuilder().buildAsync(address, new Messages()).join();
  }

  static boolean here() {
    return Files.isExecutable(PROGRAM);
  }

  /**
   * @param directory an empty one, for its profile and its log
   */
  static Chromium start(Path directory) throws IOException {
    Path profile = directory.resolve("profile");
    ProcessBuilder command =
        new ProcessBuilder(
                PROGRAM.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("chromium.log").toFile());
    command.environment().put("TMPDIR", directory.toString());
    Process process = command.start();
    try {
      List<String> door =
          Awaitility.await("chromium listens")
              .atMost(PATIENCE)
              .until(() -> lines(profile.resolve("DevToolsActivePort")), read -> read.size() == 2);
      return new Chromium(process, URI.create("ws://127.0.0.1:" + door.get(0) + door.get(1)));
    } catch (RuntimeException e) {
      end(process);
      throw e;
    }
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /**
   * @param origin whose pages it shows; a request to any other is a problem
   */
  BrowserTab open(String origin) {
    return open(origin, Set.of());
  }

  /**
   * @param others origins that its pages may ask, too
   */
  BrowserTab open(String origin, Set<String> others) {
    String target =
        call("", "Target.createTarget", Map.of("url", "about:blank")).path("targetId").asText();
    Map<String, Object> which = Map.of("targetId", target, "flatten", true);
    String session = call("", "Target.attachToTarget", which).path("sessionId").asText();
    var tab = new BrowserTab(this, target, session, origin, others);
    tabs.put(session, tab::hear);
    tab.enable();
    return tab;
  }

  void close(String session, String target) {
    tabs.remove(session);
    call("", "Target.closeTarget", Map.of("targetId", target));
  }

  /**
   * @param directory where files that are downloaded are kept, under their names
   */
  void download(Path directory) {
    call(
        "",
        "Browser.setDownloadBehavior",
        Map.of("behavior", "allow", "downloadPath", directory.toString()));
  }

  /**
   * @param session of a tab; empty: the browser itself is meant
   * @throws IllegalStateException that says what the browser says
   */
  JsonNode call(String session, String method, Map<String, Object> parameters) {
    int id = ids.incrementAndGet();
    var answer = new CompletableFuture<JsonNode>();
    calls.put(id, answer);
    var message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(parameters));
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    synchronized (socket) {
      socket.sendText(message.toString(), true).join();
    }
    try {
      return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw new IllegalStateException(method + ": " + e.getCause(), e);
    } finally {
      calls.remove(id);
    }
  }

  private final class Messages implements WebSocket.Listener {

    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        take(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    private void take(String message) {
      try {
        JsonNode read = JSON.readTree(message);
        CompletableFuture<JsonNode> asked = calls.get(read.path("id").asInt());
        if (asked == null) {
          tabs.getOrDefault(read.path("sessionId").asText(), _ -> {}).accept(read);
        } else if (read.has("error")) {
          asked.completeExceptionally(new IllegalStateException(read.path("error").toString()));
        } else {
          asked.complete(read.path("result"));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    socket.abort();
    end(process);
    http.close();
  }

  /** And what it has started: their profile is deleted after that. */
  private static void end(Process process) {
    List<ProcessHandle> all = process.descendants().toList();
    process.destroy();
    all.forEach(ProcessHandle::destroy);
    process.onExit().join();
    all.forEach(each -> each.onExit().join());
  }
}
