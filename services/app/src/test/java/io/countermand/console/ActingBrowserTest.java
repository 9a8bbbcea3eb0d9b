package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.events.OrderKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People who sign in and act, as they do it in a browser. */
@Tag("long")
class ActingBrowserTest extends ActingScenario {

  private static final String PAUSED = "neuratrade";

  private final List<String> wrong = new ArrayList<>();
  private Chromium browser;
  private BrowserTab tab;
  private int width;

  @TempDir private static Path profile;

  ActingBrowserTest(PipelineAccess.Stack stack) {
    super(stack);
  }

  @BeforeAll
  void start() throws IOException {
    assumeTrue(Chromium.here(), "no chromium here");
    browser = Chromium.start(profile);
  }

  @AfterAll
  void end() {
    if (browser != null) {
      browser.close();
    }
  }

  private void openTab(int pixels) {
    width = pixels;
    wrong.clear();
    tab = browser.open("http://127.0.0.1:" + console.port());
    tab.look(width, width == 390);
  }

  /** Whether it can be read, by whomever. */
  private void look(String name) throws IOException {
    int over = tab.eval(BrowserTest.TOO_WIDE).asInt();
    if (over > 0) {
      wrong.add(name + " is " + over + " pixels too wide");
    }
    tab.eval(BrowserTest.AXE + "; true");
    for (JsonNode each : tab.eval(BrowserTest.VIOLATIONS)) {
      wrong.add(name + ": " + each.asText());
    }
    String kept = System.getProperty("countermand.screenshots");
    if (kept != null) {
      Files.write(
          Files.createDirectories(Path.of(kept)).resolve(name + "-" + width + ".png"),
          tab.picture());
    }
  }

  private void type(String field, String text) {
    tab.eval("document.querySelector('main [name=\"" + field + "\"]').focus()");
    tab.type(text);
  }

  private void choose(String field, String value) {
    tab.eval(
        "document.querySelector('main [name=\"" + field + "\"]').value = '" + value + "'; true");
  }

  /** By the keyboard: the form of the field that has the focus. */
  private void send() {
    int before = tab.loads();
    tab.press("Enter");
    tab.awaitLoad(before);
  }

  private String text() {
    return tab.eval("document.body.innerText").asText();
  }

  private void signInAt(String path) throws IOException {
    tab.open(path);
    assertThat(tab.eval("location.pathname").asText()).isEqualTo("/sign-in");
    look("sign-in");
    type("name", "boss");
    type("password", passwords.get("boss"));
    send();
    assertThat(tab.eval("location.pathname").asText()).isEqualTo(path);
  }

  private void awaitText(String path, String says) {
    await(path, says);
    tab.open(path);
    assertThat(text()).contains(says);
  }

  private void signOut() {
    tab.eval("document.querySelector('.visitor button').focus()");
    send();
    assertThat(tab.eval("location.pathname").asText()).isEqualTo("/sign-in");
    tab.open("/venues");
    assertThat(tab.eval("location.pathname").asText()).isEqualTo("/sign-in");
    wrong.addAll(tab.problems());
    tab.close();
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {390, 1280})
  void shouldPauseAndResumeAVenue(int pixels) throws Exception {
    // Given
    String why = "holiday " + UUID.randomUUID();
    openTab(pixels);
    signInAt("/venues");
    try {
      // When
      choose("venue", PAUSED);
      tab.eval("document.querySelector('[action=\"/venues/pause\"] [name=reason]').focus()");
      tab.type(why);
      send();
      // Then
      assertThat(text()).contains("It is written, and on record.");
      awaitText("/venues", why);
      look("venues-paused");
      assertThat(text()).contains("until it is resumed: OPERATOR", "console:boss");
      // When
      tab.eval("document.querySelector('[action=\"/venues/resume\"] [name=reason]').focus()");
      tab.type("over " + why);
      send();
    } finally {
      stackResumes();
    }
    // Then
    await("/venues", page -> !page.contains(why));
    awaitText("/actions", "over " + why);
    look("actions");
    signOut();
  }

  private void stackResumes() throws Exception {
    visitors
        .get("olivia")
        .post("/venues/resume", java.util.Map.of("venue", PAUSED, "reason", "test"));
  }

  @ParameterizedTest
  @ValueSource(ints = {390, 1280})
  void shouldKillWithTheTypedNumberAndFollowItToTheEnd(int pixels) throws Exception {
    // Given
    String account = "Browse" + pixels;
    for (int i = 0; i < 2; i++) {
      awaitOpen(place(VENUE, account));
    }
    openTab(pixels);
    signInAt("/kill/build");
    look("kill-build");
    // When
    choose("venue", VENUE);
    type("account", account);
    type("reason", "end of day");
    send();
    tab.await("document.querySelector('[name=word]')");
    look("kill-confirm");
    assertThat(text()).contains("kill 2");
    type("word", "kill 2");
    send();
    // Then: to the end, on the page that is open
    assertThat(tab.eval("location.pathname").asText()).isEqualTo("/mass-cancel");
    int before = tab.loads();
    tab.await("document.body.innerText.includes('2 cancelled; each has its outcome')");
    assertThat(tab.loads()).isEqualTo(before);
    look("kill-done");
    assertThat(text()).contains("DONE", "console:boss");
    signOut();
  }

  private void awaitOpen(OrderKey order) {
    await("/order?key=" + Shown.encoded(order.key()), ">NEW<");
  }

  @ParameterizedTest
  @ValueSource(ints = {390, 1280})
  void shouldShowWhatCanBeMended(int pixels) throws Exception {
    // Given
    String text = "not a record " + UUID.randomUUID();
    RecordMetadata at = publish(text.getBytes(StandardCharsets.UTF_8));
    await("/dead-letters", at.topic() + "-" + at.partition() + "@" + at.offset());
    OrderKey order = order();
    unresolved(order, "doubt");
    await("/unresolved", page(order, "doubt").replace("&", "&amp;"));
    openTab(pixels);
    // When
    signInAt("/dead-letters");
    look("letters-acting");
    tab.open("/unresolved");
    look("unresolved-acting");
    String note = "by phone " + UUID.randomUUID();
    type("note", note);
    send();
    // Then
    awaitText("/unresolved", note);
    look("unresolved-checked");
    signOut();
  }
}
