package io.countermand.console;

import io.countermand.console.access.SignedInUser;
import io.countermand.console.access.UserRole;
import io.countermand.console.actions.KillProposals;
import io.countermand.console.kept.ActionLog;
import io.countermand.console.kept.KeptSwitches;
import io.countermand.console.kept.MassReports;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The pages of what holds until somebody lifts it, and of who asked for it. Thread-safe. */
final class StandingPages {

  private static final int ROWS = 100;

  private final MassReports masses;
  private final CachedViews<String, VenuesView> venues;
  private final ActionLog actions;
  private final Set<String> configured;
  private final KillProposals proposals;
  private final PageWriter writer;

  /**
   * @param configured venues that can be paused and resumed here
   * @param proposals mass cancels that wait for a second person
   */
  StandingPages(
      MassReports masses,
      CachedViews<String, VenuesView> venues,
      ActionLog actions,
      Set<String> configured,
      KillProposals proposals,
      PageWriter writer) {
    this.actions = actions;
    this.configured = configured;
    this.proposals = proposals;
    this.masses = masses;
    this.venues = venues;
    this.writer = writer;
  }

  void kill(Context request) {
    Frame frame = writer.frame(request);
    KeptSwitches.Standing standing = frame.standing();
    writer.page(
        request,
        "kill.jte",
        Map.of(
            "done", done(request),
            "proposals", proposals(),
            "now", proposals.now(),
            "on", views(standing.on()),
            "released", views(standing.released()),
            "more", Math.max(0, standing.on().size() - ROWS),
            "unreadable", standing.unreadable().stream().map(DisplayText::text).toList(),
            "gone", standing.gone() + Math.max(0, standing.released().size() - ROWS)),
        frame);
  }

  /** What was just done, as the address says; a link to a withdrawal that was none says nothing. */
  private String done(Context request) {
    String done = Objects.requireNonNullElse(request.queryParam("done"), "");
    String id = Objects.requireNonNullElse(request.queryParam("id"), "");
    return done.equals("withdrawn") && !proposals.withdrawn(id) ? "" : done;
  }

  /** Of what has a report it is known that it was asked for. */
  private List<KillProposals.Proposal> proposals() {
    return proposals.all().stream().filter(each -> masses.find(each.id()).isEmpty()).toList();
  }

  private List<SwitchView> views(List<io.countermand.events.KillSwitch> told) {
    return told.stream()
        .limit(ROWS)
        .map(each -> SwitchView.of(each, masses.find(each.getMass().getMassId()).isPresent()))
        .toList();
  }

  void venues(Context request) {
    String done = request.queryParam("done");
    writer.page(
        request,
        "venues.jte",
        Map.of(
            "view", venues.get(""), "done", done != null, "configured", List.copyOf(configured)));
  }

  void actions(Context request) {
    var _ = SignedInUser.with(UserRole.AUDITOR, request);
    writer.page(
        request, "actions.jte", Map.of("found", actions.all().stream().limit(ROWS).toList()));
  }
}
