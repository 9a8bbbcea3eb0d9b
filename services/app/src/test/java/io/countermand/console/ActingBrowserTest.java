package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.events.OrderKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

  private Chromium browser;
  private BrowserPerson boss;

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
    BrowserTab tab = browser.open("http://127.0.0.1:" + console.port());
    boss = new BrowserPerson(tab, pixels, passwords::get);
  }

  private void awaitText(String path, String says) {
    await(path, says);
    boss.tab().open(path);
    assertThat(boss.text()).contains(says);
  }

  private void signOut() {
    boss.signOut();
    boss.tab().open("/venues");
    assertThat(boss.path()).isEqualTo("/sign-in");
    List<String> wrong = boss.wrong();
    boss.close();
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {390, 1280})
  void shouldPauseAndResumeAVenue(int pixels) throws Exception {
    // Given
    String why = "holiday " + UUID.randomUUID();
    openTab(pixels);
    boss.signInAt("boss", "/venues");
    try {
      // When
      boss.choose("venue", PAUSED);
      boss.tab().eval("document.querySelector('[action=\"/venues/pause\"] [name=reason]').focus()");
      boss.tab().type(why);
      boss.send();
      // Then
      assertThat(boss.text()).contains("It is written, and on record.");
      awaitText("/venues", why);
      boss.look("venues-paused");
      assertThat(boss.text()).contains("until it is resumed: OPERATOR", "console:boss");
      // When
      boss.tab()
          .eval("document.querySelector('[action=\"/venues/resume\"] [name=reason]').focus()");
      boss.tab().type("over " + why);
      boss.send();
    } finally {
      stackResumes();
    }
    // Then
    await("/venues", page -> !page.contains(why));
    awaitText("/actions", "over " + why);
    boss.look("actions");
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
    boss.signInAt("boss", "/kill/build");
    boss.look("kill-build");
    // When
    boss.choose("venue", VENUE);
    boss.type("account", account);
    boss.type("reason", "end of day");
    boss.send();
    boss.tab().await("document.querySelector('[name=word]')");
    boss.look("kill-confirm");
    assertThat(boss.text()).contains("kill 2");
    boss.type("word", "kill 2");
    boss.send();
    // Then: to the end, on the page that is open
    assertThat(boss.path()).isEqualTo("/mass-cancel");
    int before = boss.tab().loads();
    boss.tab().await("document.body.innerText.includes('2 cancelled; each has its outcome')");
    assertThat(boss.tab().loads()).isEqualTo(before);
    boss.look("kill-done");
    assertThat(boss.text()).contains("DONE", "console:boss");
    signOut();
  }

  private void awaitOpen(OrderKey order) {
    await("/order?key=" + DisplayText.encoded(order.key()), ">NEW<");
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
    boss.signInAt("boss", "/dead-letters");
    boss.look("letters-acting");
    boss.tab().open("/unresolved");
    boss.look("unresolved-acting");
    String note = "by phone " + UUID.randomUUID();
    boss.type("note", note);
    boss.send();
    // Then
    awaitText("/unresolved", note);
    boss.look("unresolved-checked");
    signOut();
  }
}
