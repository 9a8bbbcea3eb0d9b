package io.countermand.audit.story;

import io.countermand.domain.order.Evidence;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened.
 *
 * @param at by the clock of who wrote it
 * @param written the record's Kafka timestamp
 * @param what one word
 * @param cancelId null: of no cancel
 * @param details in the order in which they are shown
 */
public record StoryLine(
    Instant at,
    Instant written,
    String what,
    @Nullable String cancelId,
    Map<String, String> details,
    Evidence record) {

  String text() {
    var text = new StringBuilder();
    text.append("%-27s %-14s".formatted(at, what));
    if (cancelId != null) {
      text.append(' ').append(cancelId);
    }
    details.forEach((name, value) -> text.append("  ").append(name).append('=').append(value));
    return text.append("  [")
        .append(record.topic())
        .append('-')
        .append(record.partition())
        .append('@')
        .append(record.offset())
        .append(']')
        .toString();
  }
}
