package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.console.actions.KillProposals;
import io.countermand.console.kept.ActionLog;
import io.countermand.console.kept.CompactedTopic.Entry;
import io.countermand.console.kept.KeptSwitches;
import io.countermand.console.kept.MassReports;
import io.countermand.events.KillRelease;
import io.countermand.events.KillSwitch;
import io.countermand.events.MassCancel;
import io.countermand.events.MassScope;
import io.countermand.events.serde.Decoded;
import io.countermand.platform.Topics;
import io.javalin.Javalin;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A page that changes while it is made. */
class StandingPagesTest {

  private static final String ID = "kill-1";

  private final KeptSwitches switches = new KeptSwitches();

  private void take(@org.jspecify.annotations.Nullable KillRelease released) {
    var mass = new MassCancel();
    mass.setMassId(ID);
    var scope = new MassScope();
    scope.setVenue("cadenza");
    mass.setScope(scope);
    mass.setBy("alice");
    mass.setReason("rogue algorithm");
    mass.setCreatedAt(Instant.EPOCH);
    mass.setKeep(true);
    var told = new KillSwitch(mass, Instant.EPOCH, released);
    switches.take(new Entry<>(ID, Topics.KILL_SWITCHES, 0, 0, new Decoded.Ok<>(told)));
  }

  private Frame frame() {
    return Frame.of(List.of(), switches.standing(), Frame.Known.YES);
  }

  private String page(Supplier<Frame> frame) throws Exception {
    var writer = new PageWriter(frame, false, false);
    var venues = new CachedViews<String, VenuesView>(_ -> null, Duration.ofSeconds(1));
    var proposals = new KillProposals(InstantSource.system());
    var pages =
        new StandingPages(new MassReports(), venues, new ActionLog(), Set.of(), proposals, writer);
    var server =
        Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.startup.showOldJavalinVersionWarning = false;
              config.routes.get("/kill", pages::kill);
            });
    try (var http = HttpClient.newHttpClient()) {
      server.start("127.0.0.1", 0);
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/kill")).build();
      return http.send(request, BodyHandlers.ofString()).body();
    } finally {
      server.stop();
    }
  }

  @Test
  void shouldSayTheSameInBannerAndListOfASwitchThatIsReleasedBeforeTheBannerIsMade()
      throws Exception {
    // Given
    take(null);
    // When
    String page =
        page(
            () -> {
              take(new KillRelease(ID + "-off", "bob", "mended", Instant.EPOCH));
              return frame();
            });
    // Then
    assertThat(page).doesNotContain("class=\"banner\"", "! ON since");
    assertThat(page).contains("Off since", "None is on.");
  }

  @Test
  void shouldSayTheSameInBannerAndListOfASwitchThatIsReleasedAfterTheBannerIsMade()
      throws Exception {
    // Given
    take(null);
    // When
    String page =
        page(
            () -> {
              Frame before = frame();
              take(new KillRelease(ID + "-off", "bob", "mended", Instant.EPOCH));
              return before;
            });
    // Then
    assertThat(page).contains("class=\"banner\"", "! ON since");
    assertThat(page).doesNotContain("Off since", "None is on.");
  }
}
