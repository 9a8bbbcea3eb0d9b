package io.countermand.app.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.platform.Catalogue;
import io.countermand.platform.Topics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.TestReporter;

/** Every kind of place that a run leaves something in, and the mark by which it is seen there. */
final class Places {

  static final String MARK = "mark: ";
  static final String ORDER = MARK + "order";
  static final String REASON = MARK + "reason";
  static final String VENUE = MARK + "venue";
  static final String DIRECTORY = MARK + "directory";
  static final String REGISTRY = MARK + "registry";
  static final String SCHEMA = MARK + "schema";

  /** Where a mark must be found: a pattern of the place's name. */
  private static final Map<String, String> SEEN = new TreeMap<>();

  static {
    SEEN.put("start", DIRECTORY);
    SEEN.put("client", ORDER);
    SEEN.put("door", ORDER);
    SEEN.put("command order .*", ORDER);
    SEEN.put("command watch .*", ORDER);
    SEEN.put("command story .*", ORDER);
    SEEN.put("command story .* --archive .*", ORDER);
    SEEN.put("command dead-letters show .*", ORDER);
    SEEN.put("command kill list", REASON);
    SEEN.put("command venues", VENUE);
    SEEN.put("command doctor .*", VENUE);
    SEEN.put("page /cancels", ORDER);
    SEEN.put("page /order\\?.*", ORDER);
    SEEN.put("page /dead-letter\\?.*", ORDER);
    SEEN.put("page /venues", REASON);
    SEEN.put("page /actions", REASON);
    SEEN.put("page /kill", REASON);
    SEEN.put("page /metrics", VENUE);
    SEEN.put("arguments of a process", DIRECTORY);
    SEEN.put("logs/countermand\\.log", REASON);
    SEEN.put("logs/broker\\.out", DIRECTORY);
    SEEN.put("logs/registry\\.log", REGISTRY);
    SEEN.put("simulator\\.jsonl", ORDER);
    SEEN.put("registry/registry\\.mv\\.db", SCHEMA);
    SEEN.put("report/audit\\.html", ORDER);
    SEEN.put("report/differences\\.jsonl", ORDER);
    SEEN.put("report/cancels\\.parquet row", ORDER);
    SEEN.put("state/countermand-desk/.*/CURRENT (key|value)", ORDER);
    SEEN.put("state/countermand-ledger/.*/CURRENT (key|value)", ORDER);
    for (String topic :
        List.of(
            Topics.INTENTS,
            Topics.PROGRESS,
            Topics.OUTCOMES,
            Topics.ORDER_EVENTS,
            Topics.ORDER_STATES,
            Topics.DEAD_LETTERS)) {
      SEEN.put("archive/" + topic + "/.*\\.parquet row", ORDER);
      SEEN.put(records(topic), ORDER);
    }
    for (String topic :
        List.of(
            Topics.MASS_CANCELS,
            Topics.MASS_COMMANDS,
            Topics.MASS_REPORTS,
            Topics.KILL_SWITCHES,
            Topics.PAUSES,
            Topics.CONSOLE_ACTIONS)) {
      SEEN.put(records(topic), REASON);
    }
    SEEN.put(records(Topics.RETRIES), VENUE);
    SEEN.put(records("countermand-desk-.*-changelog"), ORDER);
    SEEN.put(records("countermand-ledger-.*-changelog"), ORDER);
  }

  private static String records(String topic) {
    return "kafka/log/" + topic + "-\\d+/\\d+\\.log offset \\d+ (key|value)";
  }

  private Places() {}

  static void shouldSee(Traces traces, TestReporter reporter) {
    Map<String, String> counts = new TreeMap<>();
    SEEN.forEach(
        (place, mark) -> {
          assertThat(traces.finds())
              .as("%s in %s", mark, place)
              .filteredOn(find -> find.secret().equals(mark))
              .anyMatch(find -> find.place().matches(place));
          counts.put(place, String.valueOf(searched(traces, place)));
        });
    counts.put("files", String.valueOf(traces.files()));
    counts.put("records of segments", String.valueOf(traces.records()));
    counts.put("entries of stores", String.valueOf(traces.entries()));
    reporter.publishEntry(counts);
    Catalogue.of(1, (short) 1)
        .topics()
        .forEach(
            topic ->
                assertThat(searched(traces, "kafka/log/" + topic.name() + "-\\d+/\\d+\\.log"))
                    .as("segments of %s", topic.name())
                    .isPositive());
  }

  /** How many texts, files, records or rows. */
  private static int searched(Traces traces, String place) {
    return traces.searched().entrySet().stream()
        .filter(each -> each.getKey().matches(place))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }
}
