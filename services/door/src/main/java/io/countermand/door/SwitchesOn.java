package io.countermand.door;

import io.countermand.client.ClientException;
import io.countermand.events.KillSwitch;
import io.countermand.events.MassCancel;
import io.countermand.events.MassScope;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells which kill switches are on, for who is about to place an order. Thread-safe. */
final class SwitchesOn {

  private final MassPipeline pipeline;
  private final Set<String> venues;

  SwitchesOn(MassPipeline pipeline, Set<String> venues) {
    this.pipeline = pipeline;
    this.venues = venues;
  }

  /** {@code GET /v1/kill-switches}. */
  void get(Context request) {
    CallerFilter.shouldMay(request, TokenVerb.READ);
    String venue = request.queryParam("venue");
    String account = request.queryParam("account");
    if (venue != null && !venues.contains(venue)) {
      throw ProblemResponse.noVenue(venue, venues);
    }
    Caller caller = CallerFilter.caller(request);
    MassPipeline.KillSwitches found = found();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put(
        "killSwitches",
        found.all().stream()
            .filter(one -> one.getReleased() == null)
            .filter(one -> concerns(one.getMass().getScope(), caller, venue, account))
            .map(one -> fields(one, caller))
            .toList());
    fields.put("unreadable", found.unreadable());
    request.json(DoorJson.write(fields));
  }

  private MassPipeline.KillSwitches found() {
    try {
      return pipeline.killSwitches();
    } catch (ClientException e) {
      throw ProblemResponse.of(e.problem(), String.valueOf(e.getMessage()));
    }
  }

  /** Whether an order of the caller's may be in the scope. */
  private static boolean concerns(
      MassScope scope, Caller caller, @Nullable String venue, @Nullable String account) {
    return caller.reaches(scope.getVenue(), scope.getAccount())
        && (venue == null || scope.getVenue() == null || venue.equals(scope.getVenue()))
        && (account == null || scope.getAccount() == null || account.equals(scope.getAccount()));
  }

  /** Who fired it and why may name others, where it reaches further than the caller may see. */
  private static Map<String, @Nullable Object> fields(KillSwitch one, Caller caller) {
    MassCancel mass = one.getMass();
    MassScope scope = mass.getScope();
    boolean its = caller.may(TokenVerb.READ, scope.getVenue(), scope.getAccount());
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("massId", its ? mass.getMassId() : null);
    fields.put("scope", MassFields.scope(scope));
    fields.put("since", DoorJson.text(one.getSince()));
    fields.put("by", its ? mass.getBy() : null);
    fields.put("reason", its ? mass.getReason() : null);
    fields.put("report", its ? MassFields.path(mass.getMassId()) : null);
    return fields;
  }
}
