package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.console.actions.Actions;
import io.countermand.events.OrderKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one proposes and another confirms, and what an auditor takes home, in a browser. */
@Tag("long")
class TwoPeopleBrowserTest extends ActingScenario {

  private Chromium browser;
  private BrowserPerson person;

  @TempDir private static Path profile;
  @TempDir private static Path home;
  @TempDir private static Path written;

  TwoPeopleBrowserTest(PipelineAccess.Stack stack) {
    super(stack);
  }

  @Override
  Actions actions() {
    return act(TWO_PEOPLE);
  }

  @Override
  Path reports() {
    try {
      return AuditReportSample.in(written);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeAll
  void start() throws IOException {
    assumeTrue(Chromium.here(), "no chromium here");
    browser = Chromium.start(profile);
    browser.download(home);
  }

  @AfterAll
  void end() {
    if (browser != null) {
      browser.close();
    }
  }

  @AfterEach
  void leave() {
    person.close();
  }

  private void openAt(int pixels) {
    person =
        new BrowserPerson(
            browser.open("http://127.0.0.1:" + console.port()), pixels, passwords::get);
  }

  @ParameterizedTest
  @ValueSource(ints = {390, 1280})
  void shouldCancelWhatOneProposedOnceAnotherHasConfirmedIt(int pixels) throws Exception {
    // Given
    String account = "Pair" + UUID.randomUUID().toString().substring(0, 8);
    String why = "end of day " + UUID.randomUUID();
    OrderKey order = place(VENUE, account);
    await("/order?key=" + DisplayText.encoded(order.key()), ">NEW<");
    openAt(pixels);
    person.signInAt("kim", "/kill/build");
    person.choose("venue", VENUE);
    person.type("account", account);
    person.type("reason", why);
    person.send();
    person.tab().await("document.querySelector('[name=word]')");
    person.look("kill-propose");
    assertThat(person.text())
        .contains("Another killer must confirm it before anything is cancelled.")
        .contains("Propose to cancel all of them");
    // When
    person.type("word", "kill 1");
    person.send();
    // Then: he is told that it waits, and has nothing to confirm it with
    assertThat(person.tab().eval("location.pathname").asText()).isEqualTo("/kill");
    person.look("kill-proposed");
    assertThat(person.text())
        .contains("It is proposed, and on record. Nothing is cancelled before another killer")
        .contains("Not cancelled yet", account, why);
    assertThat(forms("/kill/second")).isZero();
    assertThat(forms("/kill/withdraw")).isEqualTo(1);
    person.signOut();
    // When: somebody who may not looks
    person.signInAt("olivia", "/kill");
    // Then
    assertThat(person.text()).contains("Not cancelled yet", account);
    assertThat(forms("/kill/second") + forms("/kill/withdraw")).isZero();
    person.signOut();
    // When: the wrong number, and then the right one
    person.signInAt("boss", "/kill");
    person.look("kill-second");
    assertThat(person.text())
        .contains("300 s after it is confirmed")
        .contains("1 order would be cancelled")
        .contains("1 at " + VENUE + ", account " + account);
    person.type("reason", "looked at it");
    person.type("word", "kill 2");
    person.send();
    assertThat(person.text()).contains("Nothing was done: what you typed is not 'kill 1'.");
    person.expected("status of 400");
    person.tab().open("/kill");
    person.type("reason", "looked at it");
    person.type("word", "kill 1");
    person.send();
    // Then: to the end, with both names
    assertThat(person.tab().eval("location.pathname").asText()).isEqualTo("/mass-cancel");
    person.tab().await("document.body.innerText.includes('1 cancelled; each has its outcome')");
    person.look("kill-two");
    assertThat(person.text()).contains("console:kim and console:boss", why);
    await("/order?key=" + DisplayText.encoded(order.key()), ">CANCELED<");
    person.tab().open("/kill");
    assertThat(person.text()).doesNotContain("Not cancelled yet");
    // Then: and who did what
    await("/actions", "proposed by kim");
    person.tab().open("/actions");
    person.look("actions-two");
    assertThat(person.text()).contains("PROPOSE_MASS_CANCEL", "MASS_CANCEL", "proposed by kim");
    person.signOut();
    assertThat(person.wrong()).isEmpty();
  }

  private int forms(String action) {
    return person
        .tab()
        .eval("document.querySelectorAll('form[action=\"" + action + "\"]').length")
        .asInt();
  }

  @ParameterizedTest
  @ValueSource(ints = {390, 1280})
  void shouldShowAnAuditAndHandOutItsFiles(int pixels) throws Exception {
    // Given
    openAt(pixels);
    person.signInAt("audrey", "/audits");
    person.look("audits");
    int before = person.tab().loads();
    // When: by the keyboard alone
    List<String> way = person.tab().tabTo(AuditReportSample.NAME);
    person.tab().press("Enter");
    person.tab().awaitLoad(before);
    // Then
    assertThat(way).contains("Audits");
    person.look("audit");
    assertThat(person.text()).contains("All promises hold. <b>", "differences.jsonl");
    assertThat(person.tab().eval("document.querySelectorAll('main script, main b').length").asInt())
        .isZero();
    // When
    int page = person.tab().loads();
    for (String file : List.of("differences.jsonl", "audit.html")) {
      Path kept = home.resolve(AuditReportSample.NAME + "-" + file);
      Files.deleteIfExists(kept);
      person.tab().eval("document.querySelector('main a[href$=\"" + file + "\"]').click()");
      Awaitility.await(file).atMost(PATIENCE).until(() -> Files.exists(kept));
    }
    // Then: kept, and not shown
    assertThat(home.resolve(AuditReportSample.NAME + "-differences.jsonl"))
        .hasContent(AuditReportSample.DIFFERENCE);
    assertThat(person.tab().loads()).isEqualTo(page);
    assertThat(person.tab().eval("location.pathname").asText()).isEqualTo("/audit");
    person.signOut();
    assertThat(person.wrong()).isEmpty();
  }
}
