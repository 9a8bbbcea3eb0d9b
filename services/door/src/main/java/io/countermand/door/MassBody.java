package io.countermand.door;

import io.countermand.events.MassCancel;
import io.countermand.events.MassScope;
import io.countermand.events.Side;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The JSON of {@code POST /v1/mass-cancels} and of a release; the names are MassCancel's. */
final class MassBody {

  private static final Set<String> NAMES =
      Set.of(
          "scope",
          "by",
          "reason",
          "within",
          "deadline",
          "dryRun",
          "includingPositionClose",
          "keep");

  private static final Set<String> SCOPE =
      Set.of(
          "all", "venue", "account", "instrument", "side", "trader", "desk", "algorithm", "client");

  private static final Set<String> RELEASE = Set.of("by", "reason");

  private final JsonBody body;

  private MassBody(JsonBody body) {
    this.body = body;
  }

  /**
   * @throws ProblemResponse that says what is wrong
   */
  static MassBody of(Context request) {
    return new MassBody(JsonBody.of(request, NAMES));
  }

  /**
   * @throws ProblemResponse that says what is wrong
   */
  static MassBody ofRelease(Context request) {
    return new MassBody(JsonBody.of(request, RELEASE));
  }

  /**
   * @throws ProblemResponse where a field is none
   */
  MassScope scope() {
    JsonBody scope = body.object("scope", SCOPE);
    return new MassScope(
        scope.flag("all"),
        scope.text("venue"),
        scope.text("account"),
        scope.text("instrument"),
        side(scope.text("side")),
        scope.text("trader"),
        scope.text("desk"),
        scope.text("algorithm"),
        scope.text("client"));
  }

  private static @Nullable Side side(@Nullable String name) {
    if (name != null && Arrays.stream(Side.values()).noneMatch(each -> each.name().equals(name))) {
      throw ProblemResponse.badRequest("scope.side is BUY or SELL");
    }
    return name == null ? null : Side.valueOf(name);
  }

  /**
   * @param caller the token's name, which nobody can leave out of {@code by}
   * @throws ProblemResponse where a field is none
   */
  MassCancel mass(String massId, MassScope scope, String caller, Instant now) {
    Instant made = now.truncatedTo(ChronoUnit.MICROS);
    return MassCancel.newBuilder()
        .setMassId(massId)
        .setScope(scope)
        .setBy(by(caller))
        .setReason(body.required("reason"))
        .setDeadline(deadline(made))
        .setDryRun(body.flag("dryRun"))
        .setIncludingPositionClose(body.flag("includingPositionClose"))
        .setKeep(body.flag("keep"))
        .setCreatedAt(made)
        .build();
  }

  /** As {@link #mass}, but the end of one that stays on. */
  MassCancel release(String massId, String killSwitch, String caller, Instant now) {
    return MassCancel.newBuilder()
        .setMassId(massId)
        .setScope(new MassScope())
        .setBy(by(caller))
        .setReason(body.required("reason"))
        .setCreatedAt(now.truncatedTo(ChronoUnit.MICROS))
        .setReleases(killSwitch)
        .build();
  }

  private String by(String caller) {
    String name = body.text("by");
    return name == null ? caller : caller + ": " + name;
  }

  private @Nullable Instant deadline(Instant now) {
    Duration within = body.seconds("within");
    String deadline = body.text("deadline");
    if (within != null && deadline != null) {
      throw ProblemResponse.badRequest("within and deadline: which of the two?");
    }
    try {
      return within != null
          ? now.plus(within)
          : deadline == null ? null : Instant.parse(deadline).truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeParseException e) {
      throw ProblemResponse.badRequest("deadline must be a time as 2026-01-31T12:00:00Z");
    }
  }
}
