package io.countermand.console;

import io.countermand.client.EventRecord;
import io.countermand.console.kept.CancelLife;
import io.countermand.console.kept.KeptCancels;
import io.countermand.console.kept.MassReports;
import io.countermand.events.CancelIntent;
import io.countermand.events.MassReport;
import io.countermand.events.MassState;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The pages of mass cancels: each brought up to date until its last report. Thread-safe. */
public final class MassPages {

  private static final int ROWS = 100;

  private final MassReports masses;
  private final KeptCancels cancels;
  private final PageWriter writer;

  MassPages(MassReports masses, KeptCancels cancels, PageWriter writer) {
    this.masses = masses;
    this.cancels = cancels;
    this.writer = writer;
  }

  /**
   * How one stands.
   *
   * @param report null: none has come yet
   * @param last whether no report is to come any more, unless late
   */
  public record View(
      String id,
      @Nullable EventRecord<MassReport> report,
      boolean last,
      List<Fields.Field> scope,
      List<CancelLife> cancels) {}

  void all(Context request) {
    writer.page(
        request, "masses.jte", Map.of("reports", masses.all().stream().limit(ROWS).toList()));
  }

  void one(Context request) {
    View view = view(Pages.asked(request, "id"));
    if (view.report() == null && request.queryParam("asked") == null) {
      throw new NotFoundResponse("No such mass cancel is kept here.");
    }
    writer.page(request, "mass.jte", Map.of("view", view));
  }

  /** Of an open page, again and again until the last report. */
  void part(Context request) {
    writer.page(request, "massPart.jte", Map.of("view", view(Pages.asked(request, "id"))));
  }

  private View view(String id) {
    Optional<EventRecord<MassReport>> found = masses.find(id);
    return found
        .map(
            report ->
                new View(
                    id,
                    report,
                    last(report.value().getState()),
                    Fields.of(report.value().getMass().getScope(), Set.of()),
                    cancels.newest(each -> ofMass(each, id), ROWS)))
        .orElseGet(() -> new View(id, null, false, List.of(), List.of()));
  }

  private static boolean last(MassState state) {
    return state == MassState.DONE || state == MassState.REFUSED || state == MassState.INCOMPLETE;
  }

  private static boolean ofMass(CancelLife life, String massId) {
    return life.steps().stream()
        .anyMatch(
            each ->
                each.what() instanceof CancelIntent intent && massId.equals(intent.getMassId()));
  }
}
