package io.countermand.door;

import io.countermand.client.ClientException;
import io.countermand.events.MassCancel;
import io.countermand.events.MassReport;
import io.countermand.events.MassScope;
import io.countermand.events.MassState;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes mass cancels and releases of kill switches, and tells how they stand. Thread-safe. */
final class Masses {

  /** Asked for here, and no report came yet. */
  private static final int MOST_OPEN = 1_000;

  private final MassPipeline pipeline;
  private final RecentReports reports;
  private final Set<String> venues;
  private final Map<String, MassCancel> open = new LinkedHashMap<>();

  Masses(MassPipeline pipeline, RecentReports reports, Set<String> venues) {
    this.pipeline = pipeline;
    this.reports = reports;
    this.venues = venues;
  }

  /** {@code POST /v1/mass-cancels}. Answers when Kafka has it, or with its last report. */
  void post(Context request) throws InterruptedException {
    MassBody body = MassBody.of(request);
    MassScope scope = body.scope();
    CallerFilter.shouldMay(request, TokenVerb.MASS_CANCEL, scope.getVenue(), scope.getAccount());
    if (scope.getVenue() != null && !venues.contains(scope.getVenue())) {
      throw ProblemResponse.noVenue(scope.getVenue(), venues);
    }
    Instant now = Instant.now();
    ask(
        request,
        sensible(body.mass(id(request), scope, CallerFilter.caller(request).name(), now), now));
  }

  /** {@code POST /v1/mass-cancels/{massId}/release}. */
  void release(Context request) throws InterruptedException {
    MassBody body = MassBody.ofRelease(request);
    CallerFilter.shouldMay(request, TokenVerb.RELEASE);
    String massId = request.pathParam("massId");
    Instant now = Instant.now();
    MassCancel release =
        sensible(body.release(id(request), massId, CallerFilter.caller(request).name(), now), now);
    if (!may(request, TokenVerb.RELEASE, release)) {
      throw new ProblemResponse(
          404,
          "NO_KILL_SWITCH",
          "no kill switch of this massId was ever on in the accounts of this token");
    }
    ask(request, release);
  }

  /** {@code GET /v1/mass-cancels/{massId}}. */
  void get(Context request) {
    CallerFilter.shouldMay(request, TokenVerb.READ);
    String massId = request.pathParam("massId");
    MassReport report = reports.find(massId).orElse(null);
    MassCancel mass = report == null ? open(massId) : report.getMass();
    if (mass != null && may(request, TokenVerb.READ, mass)) {
      request.json(
          DoorJson.write(report == null ? MassFields.pending(mass) : fields(request, report)));
    } else if (!reports.current()) {
      throw new ProblemResponse(
          503, "NOT_CURRENT", "the door has not read the newest reports yet; try again later");
    } else {
      throw new ProblemResponse(
          404,
          "NO_REPORT_KNOWN",
          "no report of this massId is known here for the accounts of this token: there is none, or"
              + " it is older than what this door keeps; `countermand story` looks through all");
    }
  }

  private static String id(Context request) {
    String key = request.header("Idempotency-Key");
    return key == null ? UUID.randomUUID().toString() : key;
  }

  private MassCancel sensible(MassCancel mass, Instant now) {
    String problem = pipeline.problem(mass, now);
    if (problem != null) {
      throw ProblemResponse.badRequest(problem);
    }
    return mass;
  }

  private void ask(Context request, MassCancel mass) throws InterruptedException {
    Duration wait = PreferHeader.wait(request);
    MassReport last = lastOf(mass);
    if (last == null) {
      try (RecentReports.Waiting waiting = reports.await(mass)) {
        publish(mass);
        last = waiting.within(wait).orElse(null);
      }
    }
    request.header("Location", MassFields.path(mass.getMassId()));
    if (last == null) {
      request.status(202).json(DoorJson.write(newest(request, mass)));
    } else if (last.getState() == MassState.REFUSED) {
      throw new ProblemResponse(400, "REFUSED", text(request, last));
    } else {
      request.json(DoorJson.write(fields(request, last)));
    }
  }

  /**
   * Of one that was asked for before and is over; it is not asked for again, as the ledger forgets
   * it one day. A kill switch is: whether it is still on, its report does not tell.
   */
  private @Nullable MassReport lastOf(MassCancel mass) {
    MassReport known = reports.find(mass.getMassId()).orElse(null);
    if (known == null) {
      return null;
    }
    return switch (reports.match(mass, known)) {
      case ANOTHERS -> throw RecentReports.inUse(mass);
      case ITS -> {
        boolean done = pipeline.last(known) && !mass.getKeep() && mass.getReleases() == null;
        yield done ? known : null;
      }
      case NONE -> null;
    };
  }

  private void publish(MassCancel mass) throws InterruptedException {
    synchronized (open) {
      open.put(mass.getMassId(), mass);
      if (open.size() > MOST_OPEN) {
        open.remove(open.keySet().iterator().next());
      }
    }
    try {
      pipeline.publish(mass);
    } catch (ClientException e) {
      throw ProblemResponse.of(
          e.problem(),
          e.getMessage() + "; send it again with the same Idempotency-Key " + mass.getMassId());
    }
  }

  private @Nullable MassCancel open(String massId) {
    synchronized (open) {
      return open.get(massId);
    }
  }

  private Map<String, @Nullable Object> newest(Context request, MassCancel mass) {
    return reports
        .find(mass.getMassId())
        .filter(report -> reports.match(mass, report) == RecentReports.Match.ITS)
        .map(report -> fields(request, report))
        .orElseGet(() -> MassFields.pending(mass));
  }

  /** Whether all that it reaches is the caller's; of a release, what the kill switch reaches. */
  private boolean may(Context request, TokenVerb verb, MassCancel mass) {
    Caller caller = CallerFilter.caller(request);
    String killSwitch = mass.getReleases();
    Optional<MassScope> scope =
        killSwitch == null ? Optional.of(mass.getScope()) : killSwitch(killSwitch);
    return scope.map(each -> caller.may(verb, each.getVenue(), each.getAccount())).orElse(false);
  }

  private Optional<MassScope> killSwitch(String massId) {
    try {
      return pipeline.killSwitch(massId);
    } catch (ClientException e) {
      throw ProblemResponse.of(e.problem(), String.valueOf(e.getMessage()));
    }
  }

  private Map<String, @Nullable Object> fields(Context request, MassReport report) {
    return MassFields.of(
        report, pipeline.last(report), pipeline.flat(report), text(request, report));
  }

  /** A refusal may tell of an earlier kill switch of the id, whose scope is another's. */
  private static String text(Context request, MassReport report) {
    return report.getState() != MassState.REFUSED || CallerFilter.caller(request).hasAll()
        ? report.getText()
        : "refused: the id was used before, or the deadline had passed; nothing was cancelled";
  }
}
