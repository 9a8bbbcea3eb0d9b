package io.countermand.console;

import io.countermand.console.kept.MassReports;
import io.countermand.console.kept.Switches;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;

/** The pages of what holds until somebody lifts it: kill switches and pauses. Thread-safe. */
final class StandingPages {

  private static final int ROWS = 100;

  private final Switches switches;
  private final MassReports masses;
  private final Shared<String, VenuesView> venues;
  private final PageWriter writer;

  StandingPages(
      Switches switches, MassReports masses, Shared<String, VenuesView> venues, PageWriter writer) {
    this.switches = switches;
    this.masses = masses;
    this.venues = venues;
    this.writer = writer;
  }

  void kill(Context request) {
    Switches.Standing standing = switches.standing();
    writer.page(
        request,
        "kill.jte",
        Map.of(
            "on", views(standing.on()),
            "released", views(standing.released()),
            "more", Math.max(0, standing.on().size() - ROWS),
            "unreadable", standing.unreadable().stream().map(Shown::text).toList(),
            "gone", standing.gone() + Math.max(0, standing.released().size() - ROWS)));
  }

  private List<SwitchView> views(List<io.countermand.events.KillSwitch> told) {
    return told.stream()
        .limit(ROWS)
        .map(each -> SwitchView.of(each, masses.find(each.getMass().getMassId()).isPresent()))
        .toList();
  }

  void venues(Context request) {
    writer.page(request, "venues.jte", Map.of("view", venues.get("")));
  }
}
