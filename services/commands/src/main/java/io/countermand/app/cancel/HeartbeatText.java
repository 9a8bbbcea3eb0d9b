package io.countermand.app.cancel;

import io.countermand.app.cli.OutcomeText;
import io.countermand.domain.mass.DeadManSwitch;
import io.countermand.domain.mass.Heartbeat;
import io.countermand.kafka.client.DeadManReader;
import io.countermand.kafka.client.DeadManReader.Standing;
import io.countermand.kafka.client.DeadManReader.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Dead-man's switches for people and for scripts. */
final class HeartbeatText {

  /** Ticks come no further apart than a minute; a commit may take a while. */
  private static final Duration WATCHED = Duration.ofSeconds(90);

  private HeartbeatText() {}

  /**
   * @param all whether those that are armed no more are shown, too
   */
  static List<String> lines(DeadManReader.Found found, boolean all, Instant now) {
    List<String> lines = new ArrayList<>();
    shown(found, all).forEach(one -> lines.add(line(one, now)));
    if (found.switches().stream().noneMatch(HeartbeatText::armed) && found.unreadable().isEmpty()) {
      lines.add("no dead-man's switch is armed that was heard since " + found.from());
    }
    return lines;
  }

  private static Stream<Standing> shown(DeadManReader.Found found, boolean all) {
    return found.switches().stream().filter(one -> all || armed(one));
  }

  /** One that is overdue is: nobody says that it fired. */
  private static boolean armed(Standing one) {
    return one.state() != State.OFF && one.state() != State.FIRED;
  }

  private static String line(Standing one, Instant now) {
    DeadManSwitch last = one.last();
    Heartbeat word = last.word();
    String then =
        switch (one.state()) {
          case ARMED -> "fires unless it is heard by " + last.due();
          case SILENT -> "SILENT, fires unless it is heard by " + last.due();
          case OVERDUE -> "OVERDUE since " + last.due() + ", and no record says that it fired";
          case FIRED -> "fired at " + one.fired() + "; countermand story " + last.massId();
          case OFF -> "taken off at " + last.heard();
        };
    return one.state()
        + " "
        + (one.state() == State.OFF ? "dead-man's switch " + word.switchId() : last.words(now))
        + ", by "
        + word.by()
        + "; "
        + then
        + (word.reason().isBlank() ? "" : ": " + word.reason());
  }

  /** One object a line, by names that stay. */
  static List<String> json(DeadManReader.Found found, boolean all) {
    return shown(found, all).map(one -> OutcomeText.write(fields(one))).toList();
  }

  private static Map<String, @Nullable Object> fields(Standing one) {
    DeadManSwitch last = one.last();
    Heartbeat word = last.word();
    boolean armed = armed(one);
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("switchId", word.switchId());
    fields.put("state", one.state().name());
    fields.put("scope", word.off() ? null : word.scope().words());
    fields.put("timeoutMillis", word.timeout().toMillis());
    fields.put("includingPositionClose", word.includingPositionClose());
    fields.put("by", word.by());
    fields.put("reason", word.reason());
    fields.put("heardAt", last.heard().toString());
    fields.put("at", List.of(last.at().topic(), last.at().partition(), last.at().offset()));
    fields.put("silenceSince", armed ? last.since().toString() : null);
    fields.put("firesAt", armed ? last.due().toString() : null);
    fields.put("firedAt", one.fired() == null ? null : one.fired().toString());
    fields.put("massId", word.off() ? null : last.massId());
    return fields;
  }

  /** What is not known. */
  static List<String> caveats(DeadManReader.Found found, Instant now) {
    List<String> lines = new ArrayList<>(found.unreadable());
    if (!found.unreadable().isEmpty()) {
      lines.add("so a dead-man's switch may be armed that is not shown, or shown and not armed");
    }
    Instant tick = found.tick();
    if (found.switches().stream().anyMatch(HeartbeatText::armed)
        && (tick == null || tick.plus(WATCHED).isBefore(now))) {
      lines.add(
          "NOBODY SEEMS TO WATCH, by this machine's clock: "
              + (tick == null ? "there is no tick of a ledger" : "the last tick is of " + tick)
              + "; while no ledger runs nothing fires, and silence counts anew after that. Where the"
              + " first was armed this moment, look again");
    }
    lines.add(
        "read from "
            + found.from()
            + " on; a switch that was heard last before that is not shown. Times are the brokers',"
            + " how long ago is by this machine's clock; a ledger that was late may fire later,"
            + " never earlier");
    return lines;
  }
}
