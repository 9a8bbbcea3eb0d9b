package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.client.OrderEventPublisher;
import io.countermand.desk.pause.PauseTopic;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassScope;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderKey;
import io.countermand.kafka.client.MassCancels;
import io.countermand.simulator.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The console as people see it. With {@code -Dcountermand.screenshots=DIRECTORY} it leaves there a
 * picture of each page in each width and theme.
 */
@Tag("long")
class BrowserTest extends ConsoleScenario {

  /** What axe calls worse than a nuisance. */
  static final String VIOLATIONS =
      """
      axe.run(document, {resultTypes: ['violations']}).then(found => found.violations
          .filter(each => each.impact === 'serious' || each.impact === 'critical')
          .map(each => each.id + ' at ' + each.nodes.map(node => node.target + ': '
              + node.failureSummary).join(' | ')))
      """;

  static final String TOO_WIDE =
      "(page => page.scrollWidth - page.clientWidth)(document.documentElement)";

  private static final String BANNER = "document.querySelector('.banner')?.innerText ?? ''";

  static final String AXE = axe();

  /** No venue of the pipeline, so that no desk pauses. */
  private static final String ELSEWHERE = "elsewhere";

  private final Map<String, String> pages = new LinkedHashMap<>();
  private MassCancels masses;
  private String on;
  private OrderKey rejected;
  private Chromium browser;
  private BrowserTab tab;

  @TempDir private static Path directory;

  BrowserTest(PipelineAccess.Stack stack) {
    super(stack);
  }

  private static String axe() {
    try (InputStream in = BrowserTest.class.getResourceAsStream("/axe.min.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeAll
  void fill() throws Exception {
    assumeTrue(Chromium.here(), "no chromium here");
    browser = Chromium.start(directory);
    rejected = place();
    cancel(rejected, "first");
    cancel(rejected, "second");
    OrderKey doubt = order();
    unresolved(doubt, "in-doubt");
    OrderKey known = order();
    unresolved(known, "known-since");
    try (var feed = OrderEventPublisher.open(connection, "oms:test")) {
      feed.event(known).status(OrdStatus.FILLED).publish().get(60, TimeUnit.SECONDS);
    }
    OrderKey open = place();
    fail(open, new Fault.Say(false, 503, "text/plain", "Down for maintenance, see our page"));
    var _ =
        client
            .cancel(open)
            .id("open")
            .because("position limit of the desk is exceeded")
            .trader("alice")
            .desk("rates")
            .within(Duration.ofMinutes(2))
            .send();
    String text = "not a record: " + "0123456789 ".repeat(30);
    RecordMetadata letter = publish(text.getBytes(StandardCharsets.UTF_8));
    String source = source(letter);
    String mass = massCancel();
    pages.put("now", "/");
    pages.put("now-hour", "/?window=1h");
    pages.put("cancels", "/cancels");
    pages.put("cancels-none", "/cancels?q=" + UUID.randomUUID());
    pages.put("cancel-rejected", page(rejected, "second"));
    pages.put("cancel-unresolved", page(doubt, "in-doubt"));
    pages.put("cancel-known", page(known, "known-since"));
    pages.put("cancel-open", page(open, "open"));
    pages.put("orders", "/orders");
    pages.put("order", "/order?key=" + DisplayText.encoded(rejected.key()));
    pages.put("unresolved", "/unresolved");
    pages.put("letters", "/dead-letters");
    pages.put("letter", letterLink(await("/dead-letters", source), source));
    pages.put("masses", "/mass-cancels");
    pages.put("mass", "/mass-cancel?id=" + mass);
    standing();
    pages.put("kill", "/kill");
    pages.put("venues", "/venues");
    await(pages.get("cancel-known"), "Learned later:");
    await(pages.get("cancel-open"), "call 1 answered");
    await(pages.get("order"), ">CANCELED<");
    await(pages.get("mass"), "DONE");
  }

  /** A switch that is on, one that was, and pauses of venues that nobody calls. */
  private void standing() throws Exception {
    masses = new MassCancels(stack.connection());
    String off = fire(masses, "Browser2");
    await("/kill", "/mass-cancel?id=" + off);
    release(masses, off);
    on = fire(masses, "Browser3");
    await("/kill", "/mass-cancel?id=" + on);
    await("/kill", ">mended<");
    try (var pauses = new PauseTopic(stack.connection(), "browser-test")) {
      assertThat(pauses.pause(ELSEWHERE, null, "exchange holiday, back on Monday")).isTrue();
    }
    await("/venues", "exchange holiday");
  }

  private static String source(RecordMetadata at) {
    return at.topic() + "-" + at.partition() + "@" + at.offset();
  }

  /** Of orders that nobody else has; its id. */
  private String massCancel() throws Exception {
    String account = "Browser1";
    for (int i = 0; i < 3; i++) {
      place(VENUE, account);
    }
    try (var masses = new MassCancels(stack.connection())) {
      Awaitility.await("orders known")
          .atMost(PATIENCE)
          .until(() -> ask(masses, account, true).total() == 3);
      return ask(masses, account, false).mass().massId();
    }
  }

  private static MassReport ask(MassCancels masses, String account, boolean dry) throws Exception {
    String id = UUID.randomUUID().toString();
    MassScope scope = MassScope.of(VENUE, account);
    masses.ask(new MassCancel(id, scope, "bob", "end of day", null, dry, false, Instant.now()));
    List<MassReport> last = new ArrayList<>();
    Awaitility.await("report")
        .atMost(PATIENCE)
        .until(
            () -> {
              masses.poll(Duration.ofMillis(100)).stream()
                  .filter(each -> each.mass().massId().equals(id) && each.last())
                  .forEach(last::add);
              return !last.isEmpty();
            });
    return last.getFirst();
  }

  @BeforeEach
  void openTab() {
    tab = browser.open("http://127.0.0.1:" + console.port());
  }

  @AfterEach
  void closeTab() {
    tab.close();
  }

  @AfterAll
  void end() throws Exception {
    if (masses != null) {
      release(masses, on);
      await("/kill", page -> !page.contains("class=\"banner\""));
      masses.close();
    }
    try (var pauses = new PauseTopic(stack.connection(), "browser-test")) {
      assertThat(pauses.resume(ELSEWHERE, "over")).isTrue();
    }
    if (browser != null) {
      browser.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"1280, false", "1280, true", "390, false", "390, true"})
  void shouldShowEachPageWellInEachWidthAndTheme(int width, boolean dark) throws Exception {
    // Given
    List<String> wrong = new ArrayList<>();
    tab.look(width, dark);
    for (Map.Entry<String, String> page : pages.entrySet()) {
      // When
      tab.open(page.getValue());
      keep(page.getKey() + "-" + width + (dark ? "-dark" : "-light"));
      // Then
      if (!tab.eval(BANNER).asText().contains("Browser3, by alice: rogue algorithm")) {
        wrong.add(page.getKey() + " has no banner: " + tab.eval(BANNER));
      }
      int over = tab.eval(TOO_WIDE).asInt();
      if (over > 0) {
        wrong.add(page.getKey() + " is " + over + " pixels too wide");
      }
      tab.eval(AXE + "; true");
      for (JsonNode each : tab.eval(VIOLATIONS)) {
        wrong.add(page.getKey() + ": " + each.asText());
      }
    }
    wrong.addAll(tab.problems());
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {390, 1280})
  void shouldShowHostileTextsWithinTheirPage(int width) throws Exception {
    // Given: each by itself is a word that cannot be broken, or markup, or both
    OrderKey order = place();
    String words = String.join("", HostileTexts.all().subList(0, 6)) + "W".repeat(300);
    fail(order, new Fault.Say(false, 400, "text/plain", words));
    String id = "<svg/onload=alert(1)>" + "W".repeat(100);
    client
        .cancel(order)
        .id(id)
        .because(words)
        .trader(words)
        .within(Duration.ofSeconds(1))
        .send()
        .get(60, TimeUnit.SECONDS);
    OrderKey unknown = OrderKey.of("<b>" + "V".repeat(200), "A".repeat(250), "O".repeat(250));
    cancel(unknown, id);
    RecordMetadata at = publish(words.getBytes(StandardCharsets.UTF_8));
    String letter = letterLink(await("/dead-letters", source(at)), source(at));
    tab.look(width, width == 390);
    for (String path :
        List.of(
            page(order, id),
            page(unknown, id),
            "/cancels?q=" + DisplayText.encoded(id),
            "/order?key=" + DisplayText.encoded(order.key()),
            "/cancels?venue=" + DisplayText.encoded(words),
            letter,
            "/")) {
      // When
      tab.open(path);
      // Then
      assertThat(tab.eval(TOO_WIDE).asInt()).as(path).isNotPositive();
      assertThat(
              tab.eval("document.querySelectorAll('main img, main script, main b').length").asInt())
          .as(path)
          .isZero();
    }
    assertThat(tab.problems()).isEmpty();
  }

  private void keep(String name) throws IOException {
    String kept = System.getProperty("countermand.screenshots");
    if (kept != null) {
      Files.write(Files.createDirectories(Path.of(kept)).resolve(name + ".png"), tab.picture());
    }
  }

  @Test
  void shouldTellCancelsAsTheyComeAndCountWhatAPausedPageLeavesOut() throws Exception {
    // Given
    OrderKey order = place();
    tab.look(1280, false);
    tab.open("/cancels?q=" + order.orderId());
    awaitLive();
    assertThat(rows()).isEmpty();
    // When
    cancel(order, "one");
    // Then
    tab.await("document.querySelectorAll('#tail tr').length === 1");
    assertThat(rows()).containsExactly("one");
    assertThat(tab.eval("document.getElementById('none')").isNull()).as("no \"None.\"").isTrue();
    // When: it is paused by the keyboard
    tab.eval("document.getElementById('pause').focus()");
    tab.press("Space");
    cancel(order, "two");
    cancel(order, "three");
    // Then
    tab.await("document.getElementById('skipped').textContent.startsWith('2 were left out')");
    assertThat(rows()).containsExactly("one");
    assertThat(tab.eval("document.getElementById('tail-says').textContent").asText())
        .isEqualTo("Paused.");
    // When: it goes on, and shows what it left out
    tab.press("Space");
    cancel(order, "four");
    tab.await("document.querySelectorAll('#tail tr').length === 2");
    assertThat(rows()).containsExactly("four", "one");
    int before = tab.loads();
    assertThat(tab.tabTo("skipped")).hasSize(1);
    tab.press("Enter");
    tab.awaitLoad(before);
    // Then
    assertThat(rows()).containsExactly("four", "three", "two", "one");
    assertThat(tab.problems()).isEmpty();
  }

  /** Until the page hears what comes; else says what it did instead. */
  private void awaitLive() {
    try {
      Awaitility.await("live").atMost(PATIENCE).until(() -> tab.answered("/cancels/live"));
    } catch (ConditionTimeoutException e) {
      String did =
          tab.eval(
                  """
                  JSON.stringify([location.href, document.readyState, document.visibilityState,
                      typeof htmx, performance.getEntriesByType('resource').map(each =>
                          each.name + ' ' + each.startTime + ' ' + each.responseStart)])
                  """)
              .asText();
      throw new AssertionError("never live: " + did + "; " + tab.problems(), e);
    }
  }

  private List<String> rows() {
    List<String> ids = new ArrayList<>();
    tab.eval("[...document.querySelectorAll('#tail td.id')].map(each => each.textContent)")
        .forEach(each -> ids.add(each.asText()));
    return ids;
  }

  @Test
  void shouldHoldStillWhileItIsRead() throws Exception {
    // Given
    OrderKey order = place();
    cancel(order, "one");
    await("/cancels?q=" + order.orderId(), ">one<");
    tab.look(1280, false);
    tab.open("/cancels?q=" + order.orderId());
    awaitLive();
    // When: the focus is in it
    tab.eval("document.querySelector('#tail td.id a').focus()");
    cancel(order, "two");
    // Then
    tab.await("document.getElementById('skipped').textContent.startsWith('1 was left out')");
    assertThat(rows()).containsExactly("one");
  }

  @Test
  void shouldTellOfKillSwitchesOnAPageThatIsOpen() throws Exception {
    // Given: a page that is read, not at its top
    tab.look(390, false);
    tab.open(pages.get("cancel-rejected"));
    assertThat(tab.eval(BANNER).asText()).doesNotContain("Browser4");
    tab.eval("window.scrollTo(0, 400)");
    int before = tab.loads();
    // When
    String id = fire(masses, "Browser4");
    // Then
    try {
      tab.await(BANNER.replace(" ?? ''", "") + ".includes('Browser4')");
      assertThat(tab.eval("document.querySelector('.banner').getBoundingClientRect().top").asInt())
          .as("in sight")
          .isBetween(0, 10);
      // When
    } finally {
      release(masses, id);
    }
    // Then
    tab.await("!(" + BANNER + ").includes('Browser4')");
    assertThat(tab.loads()).as("not loaded anew").isEqualTo(before);
    assertThat(tab.problems()).isEmpty();
  }

  @Test
  void shouldLeadFromTheBannerToTheReportByTheKeyboardAlone() {
    // Given
    tab.look(1280, false);
    tab.open("/orders");
    // When
    tab.tabTo("All kill switches");
    int before = tab.loads();
    tab.press("Enter");
    tab.awaitLoad(before);
    // Then
    assertThat(tab.eval("location.pathname").asText()).isEqualTo("/kill");
    // When
    List<String> way = tab.tabTo("report of what was open when it fired");
    int there = tab.loads();
    tab.press("Enter");
    tab.awaitLoad(there);
    // Then
    assertThat(way).contains("Venues", "All kill switches");
    assertThat(tab.eval("location.search").asText()).isEqualTo("?id=" + on);
  }

  @Test
  void shouldBeFilteredByTheKeyboardAlone() {
    // Given
    tab.look(1280, false);
    tab.open("/cancels");
    // When
    List<String> way = tab.tabTo("q");
    assertThat(tab.eval("getComputedStyle(document.activeElement).outlineStyle").asText())
        .isEqualTo("solid");
    tab.type(rejected.orderId());
    List<String> rest = tab.tabTo("Show");
    int before = tab.loads();
    tab.press("Enter");
    tab.awaitLoad(before);
    // Then
    assertThat(way).startsWith("To the content", "Now", "Cancels");
    assertThat(rest).containsExactly("venue", "account", "result", "reason", "Show");
    assertThat(tab.eval("location.search").asText()).contains("q=" + rejected.orderId());
    assertThat(rows()).containsExactlyInAnyOrder("first", "second");
  }

  @Test
  void shouldTellLocalTimeToThePointer() {
    // Given
    tab.look(1280, false);
    tab.open(pages.get("cancel-rejected"));
    JsonNode place =
        tab.eval(
            "(box => [box.x + 5, box.y + 5])(document.querySelector('time')"
                + ".getBoundingClientRect())");
    // When
    tab.call(
        "Input.dispatchMouseEvent",
        Map.of("type", "mouseMoved", "x", place.get(0).asInt(), "y", place.get(1).asInt()));
    // Then
    tab.await("document.querySelector('time').title.endsWith(' local')");
  }
}
