package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.events.KillSwitch;
import io.countermand.events.MassScope;
import io.countermand.events.PauseCause;
import io.countermand.events.VenuePause;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What people see of hostile texts in kill switches and pauses: these texts. */
@Tag("long")
class HostileStandingTest extends OwnConsole {

  private static final List<String> TEXTS = HostileTexts.all();

  /** So many on one page. */
  private static final int BATCH = 50;

  private record Fired(String id, KillSwitch on, KillSwitch off, String scope) {}

  private interface Naming {
    String of(String text);
  }

  @Test
  void shouldShowScopesAskersAndReasonsAsText() throws Exception {
    check(_ -> UUID.randomUUID().toString());
  }

  @Test
  void shouldShowIdsAsText() throws Exception {
    check(text -> text + UUID.randomUUID());
  }

  private void check(Naming naming) throws Exception {
    for (int from = 0; from < TEXTS.size(); from += BATCH) {
      // Given
      List<Fired> batch = new ArrayList<>();
      for (int i = from; i < from + BATCH; i++) {
        batch.add(fired(naming.of(TEXTS.get(i)), TEXTS.get(i), TEXTS.get(i / 8 * 8)));
      }
      // When
      for (Fired each : batch) {
        write(Topics.KILL_SWITCHES, each.id(), each.on());
      }
      // Then
      String page = awaitText("/kill", "switch" + DisplayText.passage(batch.getLast().id()));
      MarkupCheck.check("on", page);
      for (Fired each : batch) {
        assertThat(HostileTest.text(page))
            .contains(
                DisplayText.passage(each.scope()),
                "by" + DisplayText.passage(each.on().getMass().getBy()),
                "reason" + DisplayText.passage(each.on().getMass().getReason()),
                "switch" + DisplayText.passage(each.id()));
      }
      MarkupCheck.check("banner", get("/orders").body());
      // When
      for (Fired each : batch) {
        write(Topics.KILL_SWITCHES, each.id(), each.off());
      }
      // Then
      String after = await("/kill", each -> !each.contains("class=\"banner\""));
      MarkupCheck.check("released", after);
      for (Fired each : batch) {
        assertThat(HostileTest.text(after))
            .contains(
                "released by" + DisplayText.passage(each.off().getReleased().getBy()),
                "reason to release" + DisplayText.passage(each.off().getReleased().getReason()));
      }
      fired.clear();
    }
  }

  private static Fired fired(String id, String text, String some) {
    var scope = new MassScope();
    scope.setAccount(text);
    scope.setTrader(some);
    KillSwitch on = fire(id, scope, some, text);
    return new Fired(
        id, on, released(on, some + "y", text + "z"), "account " + text + ", trader " + some);
  }

  @Test
  void shouldShowPausesAsText() throws Exception {
    for (int from = 0; from < TEXTS.size(); from += BATCH) {
      // When
      List<String> venues = new ArrayList<>();
      for (String text : TEXTS.subList(from, from + BATCH)) {
        String venue = (UUID.randomUUID() + text).replace("/", "|");
        venues.add(venue);
        var until = now().plus(Duration.ofHours(1));
        write(
            Topics.PAUSES,
            venue + "/" + text,
            new VenuePause(venue, until, PauseCause.LOCKED_OUT, text, text, now()));
      }
      // Then
      String page = awaitText("/venues", DisplayText.cell(venues.getLast()));
      MarkupCheck.check("pauses", page);
      for (int i = 0; i < BATCH; i++) {
        String text = TEXTS.get(from + i);
        assertThat(HostileTest.text(page))
            .contains(
                DisplayText.cell(venues.get(i)),
                "LOCKED_OUT, " + DisplayText.words(text),
                "told by " + DisplayText.cell(text));
      }
      // When
      for (String venue : venues) {
        var until = Instant.EPOCH;
        write(
            Topics.PAUSES,
            venue,
            new VenuePause(venue, until, PauseCause.OPERATOR, "mended", "test", now()));
      }
      await("/venues", each -> !each.contains("LOCKED_OUT"));
    }
  }

  private String awaitText(String path, String says) {
    return await(path, page -> HostileTest.text(page).contains(says));
  }
}
