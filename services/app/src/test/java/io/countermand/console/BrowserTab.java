package io.countermand.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * One page in the browser, and what went wrong in it: what its console says, what it throws, what
 * its policy forbids, and what it asks elsewhere. Used by one thread.
 */
final class BrowserTab {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Chromium browser;
  private final String target;
  private final String session;
  private final String origin;
  private final Set<String> others;
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final List<String> answered = new CopyOnWriteArrayList<>();
  private final AtomicInteger loads = new AtomicInteger();

  /**
   * @param others origins that it may ask, too
   */
  BrowserTab(Chromium browser, String target, String session, String origin, Set<String> others) {
    this.browser = browser;
    this.target = target;
    this.session = session;
    this.origin = origin;
    this.others = others;
  }

  void enable() {
    for (String each : List.of("Page", "Runtime", "Log", "Network", "Audits")) {
      call(each + ".enable", Map.of());
    }
  }

  void close() {
    browser.close(session, target);
  }

  JsonNode call(String method, Map<String, Object> parameters) {
    return browser.call(session, method, parameters);
  }

  /** On the browser's thread. */
  void hear(JsonNode message) {
    JsonNode says = message.path("params");
    switch (message.path("method").asText()) {
      case "Page.loadEventFired" -> loads.incrementAndGet();
      case "Runtime.exceptionThrown" -> problems.add("thrown: " + says);
      case "Runtime.consoleAPICalled" -> problems.add("console: " + says);
      case "Log.entryAdded" -> problems.add("log: " + says);
      case "Audits.issueAdded" -> issue(says.path("issue"));
      case "Network.requestWillBeSent" -> asked(says.path("request").path("url").asText());
      case "Network.responseReceived" -> answered.add(says.path("response").path("url").asText());
      default -> {}
    }
  }

  private void issue(JsonNode issue) {
    if (issue.path("code").asText().equals("ContentSecurityPolicyIssue")) {
      problems.add("policy: " + issue);
    }
  }

  private void asked(String url) {
    if (!url.startsWith(origin + "/")
        && others.stream().noneMatch(each -> url.startsWith(each + "/"))
        && !url.equals("about:blank")) {
      problems.add("asked elsewhere: " + url);
    }
  }

  List<String> problems() {
    return List.copyOf(problems);
  }

  /** Whether something whose address has that has begun to answer, since the page was opened. */
  boolean answered(String part) {
    return answered.stream().anyMatch(each -> each.contains(part));
  }

  /** Pixels wide and 900 high. */
  void look(int width, boolean dark) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    Map<String, String> theme =
        Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
    call("Emulation.setEmulatedMedia", Map.of("features", List.of(theme)));
  }

  /** Returns when the page and all that it names have been loaded. */
  void open(String path) {
    go(origin + path);
  }

  /** The same of any page. */
  void go(String url) {
    answered.clear();
    int before = loads.get();
    JsonNode went = call("Page.navigate", Map.of("url", URI.create(url).toString()));
    if (went.has("errorText")) {
      throw new IllegalStateException(url + ": " + went);
    }
    awaitLoad(before);
  }

  int loads() {
    return loads.get();
  }

  void awaitLoad(int before) {
    Awaitility.await("page").atMost(PATIENCE).until(() -> loads.get() > before);
  }

  /** What the script's last expression gives, or the promise of it. */
  JsonNode eval(String script) {
    JsonNode result =
        call(
            "Runtime.evaluate",
            Map.of("expression", script, "awaitPromise", true, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(result.path("exceptionDetails").toString());
    }
    return result.path("result").path("value");
  }

  void await(String condition) {
    Awaitility.await(condition)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> eval("Boolean(" + condition + ")").asBoolean());
  }

  /** Tab, Enter or Space. */
  void press(String key) {
    Map<String, Object> what =
        switch (key) {
          case "Tab" -> Map.of("key", "Tab", "code", "Tab", "windowsVirtualKeyCode", 9);
          case "Enter" ->
              Map.of("key", "Enter", "code", "Enter", "windowsVirtualKeyCode", 13, "text", "\r");
          default -> Map.of("key", " ", "code", "Space", "windowsVirtualKeyCode", 32, "text", " ");
        };
    key("keyDown", what);
    key("keyUp", what);
  }

  private void key(String type, Map<String, Object> what) {
    Map<String, Object> all = new java.util.HashMap<>(what);
    all.put("type", type);
    call("Input.dispatchKeyEvent", all);
  }

  void type(String text) {
    call("Input.insertText", Map.of("text", text));
  }

  /** Presses Tab until that has the focus; what had it on the way, each as its id, name or text. */
  List<String> tabTo(String wanted) {
    List<String> way = new ArrayList<>();
    do {
      press("Tab");
      way.add(
          eval("(e => e.id || e.name || e.textContent.trim())(document.activeElement)").asText());
    } while (!way.getLast().equals(wanted) && way.size() < 40);
    return way;
  }

  /** The whole page, as PNG. */
  byte[] picture() {
    JsonNode data =
        call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    return Base64.getDecoder().decode(data.path("data").asText());
  }
}
