package io.countermand.app.drill;

import io.countermand.app.config.NearestName;
import io.countermand.app.config.ValueParsers;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What goes wrong in a drill.
 *
 * @param words as they were asked for
 * @param rules at the simulated venues, from the mass cancel to the end
 * @param down venues that answer nothing but errors for a time
 * @param kills roles that are killed while cancels are under way: desk, ledger, broker
 */
public record FaultPlan(
    String words, List<FaultRule> rules, List<VenueDown> down, List<String> kills) {

  /** How they are written. */
  public static final String GRAMMAR =
      "none, lost-answers=10%, lost-calls=10%, errors=10%, fills=10%, slow=200ms,"
          + " venue-down=VENUE[:10s], desk-kill, ledger-kill, broker-kill";

  /** The same, for a help text, in which a % begins a placeholder. */
  public static final String HELP =
      "none, lost-answers=10%%, lost-calls=10%%, errors=10%%, fills=10%%, slow=200ms,"
          + " venue-down=VENUE[:10s], desk-kill, ledger-kill, broker-kill";

  private static final List<String> NAMES =
      List.of(
          "none",
          "lost-answers",
          "lost-calls",
          "errors",
          "fills",
          "slow",
          "venue-down",
          "desk-kill",
          "ledger-kill",
          "broker-kill");

  /** The venue acts, and holds the answer back so long, before it closes the connection. */
  private static final Duration HOLD = Duration.ofSeconds(2);

  private static final Duration DOWN = Duration.ofSeconds(10);
  private static final Duration MOST = Duration.ofHours(1);

  /** A venue that is down for a time, from the mass cancel on. */
  public record VenueDown(FaultRule rule, Duration lasts) {}

  /**
   * @param parts each as {@link #GRAMMAR} says
   * @param venues of the drill
   * @throws IllegalArgumentException saying what is wrong and what is allowed
   */
  public static FaultPlan parse(List<String> parts, Set<String> venues) {
    List<FaultRule> rules = new ArrayList<>();
    List<FaultRule> slow = new ArrayList<>(); // the first that fires counts: what is certain, last
    List<VenueDown> down = new ArrayList<>();
    List<String> kills = new ArrayList<>();
    List<String> words = new ArrayList<>();
    for (String part : parts.stream().map(String::strip).toList()) {
      int at = part.indexOf('=');
      String name = at < 0 ? part : part.substring(0, at);
      String value = at < 0 ? "" : part.substring(at + 1);
      words.add(part);
      switch (name) {
        case "none" -> {
          words.remove(part);
          bare(part, value, at);
        }
        case "lost-answers" ->
            rules.add(chance(part, value, new Fault.Reset(true), new Fault.NoAnswer(true, HOLD)));
        case "lost-calls" -> rules.add(chance(part, value, new Fault.Reset(false)));
        case "errors" -> rules.add(chance(part, value, new Fault.ServerError(false, 503)));
        case "fills" -> rules.add(chance(part, value, new Fault.FilledFirst()));
        case "slow" ->
            slow.add(FaultRule.random(null, 1, List.of(new Fault.Delay(time(part, value)))));
        case "venue-down" -> down.add(down(part, value, venues));
        case "desk-kill", "ledger-kill", "broker-kill" -> {
          bare(part, value, at);
          kills.add(name.substring(0, name.indexOf('-')));
        }
        default ->
            throw wrong(
                "there is no fault '"
                    + name
                    + "'"
                    + NearestName.of(name, NAMES).map(n -> "; did you mean " + n + "?").orElse(""));
      }
    }
    if (kills.size() > 1) {
      throw wrong("one kill for each drill, lest nobody can tell which did it");
    }
    rules.addAll(slow);
    return new FaultPlan(
        words.isEmpty() ? "none" : String.join(", ", words),
        List.copyOf(rules),
        List.copyOf(down),
        List.copyOf(kills));
  }

  private static void bare(String part, String value, int at) {
    if (at >= 0 || !value.isEmpty()) {
      throw wrong("'" + part + "' takes no value");
    }
  }

  private static FaultRule chance(String part, String value, Fault... faults) {
    if (value.matches("[0-9]{1,3}(\\.[0-9]{1,3})?%")) {
      double percent = Double.parseDouble(value.substring(0, value.length() - 1));
      if (percent > 0 && percent <= 100) {
        return FaultRule.random(null, percent / 100, List.of(faults));
      }
    }
    throw wrong("'" + part + "' takes a share above 0% and up to 100%");
  }

  private static Duration time(String part, String value) {
    try {
      Duration time = ValueParsers.duration(value);
      if (time.isPositive() && time.compareTo(MOST) <= 0) {
        return time;
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw wrong("'" + part + "' takes a duration, like 200ms or 10s");
    }
    throw wrong("'" + part + "' takes a duration of 1ms to 1h");
  }

  private static VenueDown down(String part, String value, Set<String> venues) {
    int colon = value.indexOf(':');
    String venue = colon < 0 ? value : value.substring(0, colon);
    if (!venues.contains(venue)) {
      throw wrong(
          "'" + part + "' names no venue of this drill; it has " + String.join(", ", venues));
    }
    return new VenueDown(
        FaultRule.random(venue, 1, List.of(new Fault.ServerError(false, 503))),
        colon < 0 ? DOWN : time(part, value.substring(colon + 1)));
  }

  private static IllegalArgumentException wrong(String why) {
    return new IllegalArgumentException("--faults: " + why + ". It takes " + GRAMMAR);
  }
}
