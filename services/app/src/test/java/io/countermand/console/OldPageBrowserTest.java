package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.events.OrderKey;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A page says that it is old, and goes on by itself: no cancel is missed by who believes it. */
@Tag("long")
class OldPageBrowserTest extends ConsoleScenario {

  private static final String STALE =
      "(stale => stale.hidden ? '' : stale.textContent)(document.getElementById('stale'))";
  private static final String SAYS = "document.getElementById('tail-says').textContent";

  private Chromium browser;
  private Console own;
  private BrowserTab tab;

  @TempDir private static Path directory;

  OldPageBrowserTest(PipelineAccess.Stack stack) {
    super(stack);
  }

  @BeforeAll
  void start() throws Exception {
    assumeTrue(Chromium.here(), "no chromium here");
    browser = Chromium.start(directory);
  }

  @AfterAll
  void end() {
    if (browser != null) {
      browser.close();
    }
  }

  private void look(int streams) {
    own = open(0, streams);
    tab = browser.open("http://127.0.0.1:" + own.port());
    tab.look(1280, false);
  }

  @AfterEach
  void closeTab() {
    tab.close();
    own.close();
  }

  @Test
  void shouldSayThatItIsOldWhileItsConsoleIsAwayAndGoOnOnceItIsBack() throws Exception {
    // Given
    OrderKey order = place();
    look(20);
    int port = own.port();
    tab.open("/cancels?q=" + order.orderId());
    tab.await(SAYS + ".startsWith('New outcomes')");
    // When
    own.close();
    // Then: at once where it is live, and in time on top of every page
    tab.await(SAYS + " === 'Not live.'");
    tab.await(STALE + ".startsWith('Nothing was heard from the console since ')");
    // When
    own = open(port, 20);
    // Then
    tab.await(STALE + " === ''");
    tab.await(SAYS + ".startsWith('New outcomes')");
    var _ = client.cancel(order).id("after").send();
    tab.await("document.querySelectorAll('#tail tr').length === 1");
  }

  @Test
  void shouldAskAgainWhereNoPlaceWasFreeAndMissNothingMeanwhile() throws Exception {
    // Given: the only place is taken
    OrderKey order = place();
    look(1);
    URI live = URI.create("http://127.0.0.1:" + own.port() + "/now/live?window=5m");
    var taken = http.send(HttpRequest.newBuilder(live).build(), BodyHandlers.ofInputStream());
    assertThat(taken.statusCode()).isEqualTo(200);
    try (InputStream held = taken.body()) {
      assertThat(held.read()).isPositive();
      tab.open("/cancels?q=" + order.orderId());
      tab.await(STALE + ".startsWith('This page is not live since ')");
      assertThat(tab.eval(SAYS).asText()).startsWith("Not live");
      assertThat(tab.eval("document.getElementById('tail').textContent").asText())
          .as("no answer but rows")
          .isBlank();
      var _ =
          client
              .cancel(order)
              .id("meanwhile")
              .send()
              .get(60, java.util.concurrent.TimeUnit.SECONDS);
    }
    // When: it is free
    // Then
    tab.await("document.querySelectorAll('#tail tr').length === 1");
    tab.await(STALE + " === ''");
    tab.await(SAYS + ".startsWith('New outcomes')");
  }

  @Test
  void shouldSayOnEachPageThatItsBannerIsOld() {
    // Given
    look(20);
    tab.open("/kill");
    tab.await(STALE + " === ''");
    // When
    own.close();
    // Then
    tab.await(STALE + ".startsWith('Nothing was heard from the console since ')");
  }
}
