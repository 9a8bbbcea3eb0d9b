package io.countermand.audit.story;

import io.countermand.audit.source.KafkaSource;
import io.countermand.audit.source.RecordSource;
import io.countermand.kafka.KafkaConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One cancel in five lines at most: what was known, asked, decided, answered, and the outcome. */
public final class BriefStory {

  private static final int MOST = 5;

  private BriefStory() {}

  /**
   * Reads the topics.
   *
   * @return in order of time; empty: nothing is recorded of it
   */
  public static List<String> of(KafkaConnection connection, String cancelId) {
    try (RecordSource source = new KafkaSource(connection)) {
      return brief(Story.lines(source, cancelId, null, null), cancelId);
    }
  }

  static List<String> brief(List<StoryLine> lines, String cancelId) {
    List<StoryLine> told = new ArrayList<>();
    Instant asked = null;
    for (StoryLine line : lines) {
      boolean own =
          cancelId.equals(line.cancelId())
              && !line.what().equals("order event")
              && words(line) != null;
      if (own && told.stream().noneMatch(other -> other.what().equals(line.what()))) {
        told.add(line);
        asked = line.what().equals("intent") ? line.at() : asked;
      }
    }
    Instant intent = asked;
    if (intent == null) {
      return List.of();
    }
    int room = MOST - told.size();
    lines.stream()
        .filter(line -> line.what().equals("order event") && line.at().isBefore(intent))
        .limit(Math.max(0, room))
        .forEach(told::add);
    return told.stream()
        .sorted(Comparator.comparing(StoryLine::at))
        .limit(MOST)
        .map(line -> text(line, intent))
        .toList();
  }

  private static String text(StoryLine line, Instant asked) {
    double millis = Duration.between(asked, line.at()).toNanos() / 1e6;
    return String.format(
        Locale.ROOT,
        "%+9.1f ms  %s  [%s-%d@%d]",
        millis,
        words(line),
        line.record().topic(),
        line.record().partition(),
        line.record().offset());
  }

  /** Null: not told in brief. */
  private static @Nullable String words(StoryLine line) {
    Map<String, String> of = line.details();
    return switch (line.what()) {
      case "order event" ->
          "the order is %s, %s executed"
              .formatted(of.get("ordStatus"), of.getOrDefault("executed", "nothing"));
      case "intent" ->
          "%s asks to cancel it%s"
              .formatted(
                  of.getOrDefault("algorithm", "a producer"),
                  of.containsKey("why") ? ": " + of.get("why") : "");
      case "routed" -> "the desk decides to call the venue";
      case "joined" -> "the desk joins it to the cancel " + of.get("leader");
      case "refused" ->
          "the desk refuses, and calls nobody: %s%s"
              .formatted(
                  of.get("reason"),
                  of.containsKey("shownBy") ? ", shown by " + of.get("shownBy") : "");
      case "answer" ->
          "the venue answers %s%s"
              .formatted(
                  of.get("reply"),
                  of.containsKey("ordStatus") ? ", the order is " + of.get("ordStatus") : "");
      case "outcome" ->
          "outcome %s, %s: %s".formatted(of.get("result"), of.get("reason"), of.get("text"));
      default -> null;
    };
  }
}
