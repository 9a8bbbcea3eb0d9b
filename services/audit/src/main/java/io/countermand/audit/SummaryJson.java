package io.countermand.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.audit.check.Difference;
import io.countermand.audit.check.Findings;
import io.countermand.audit.report.AuditResult;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The result as one JSON object, by names that stay. */
final class SummaryJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private SummaryJson() {}

  /**
   * @param floor null: not measured
   * @param proven whether an archive is the one whose hash was kept; null: no archive
   * @param report where it is; null: none was written
   */
  static String text(
      AuditResult result,
      ReadingRate.@Nullable Rate floor,
      @Nullable Boolean proven,
      @Nullable Path report) {
    try {
      return JSON.writeValueAsString(fields(result, floor, proven, report));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, @Nullable Object> fields(
      AuditResult result,
      ReadingRate.@Nullable Rate floor,
      @Nullable Boolean proven,
      @Nullable Path report) {
    Findings found = result.findings();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put(
        "verdict",
        switch (result.exitCode()) {
          case 0 -> "HOLDS";
          case 3 -> "NOT_ALL_CHECKED";
          default -> "DIFFERS";
        });
    fields.put("text", result.judged());
    fields.put("source", result.source());
    fields.put("archiveProven", proven);
    fields.put("from", result.from().toString());
    fields.put("to", result.to().toString());
    fields.put("records", result.records());
    fields.put("bytes", result.bytes());
    fields.put("millis", result.took().toMillis());
    for (Findings.Count count : Findings.Count.values()) {
      // Null: not looked at, its topics are not there.
      fields.put(
          count.name().toLowerCase(Locale.ROOT),
          count.mayLack() ? found.counts.get(count) : found.counts.getOrDefault(count, 0L));
    }
    fields.put("orderStates", found.folds);
    fields.put("ledgerSteps", found.derived);
    fields.put("deadLetters", result.letters());
    fields.put("notes", found.notes.entrySet().stream().map(SummaryJson::counted).toList());
    fields.put("gaps", found.gaps.entrySet().stream().map(SummaryJson::counted).toList());
    fields.put("differenceCount", result.differences());
    fields.put("kinds", found.kinds);
    fields.put("differences", found.differences.stream().map(SummaryJson::fields).toList());
    fields.put("floorRecordsPerSecond", floor == null ? null : Math.round(floor.perSecond()));
    fields.put("report", report == null ? null : report.toString());
    return fields;
  }

  private static Map<String, Object> counted(Map.Entry<String, Long> one) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("text", one.getKey());
    fields.put("count", one.getValue());
    return fields;
  }

  /** As {@code differences.jsonl} of a report has it. */
  private static Map<String, @Nullable Object> fields(Difference one) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("kind", one.kind().name());
    fields.put("promise", one.kind().promise().name());
    fields.put("order", one.order());
    fields.put("cancelId", one.cancelId());
    fields.put("text", one.text());
    fields.put(
        "evidence",
        one.evidence().stream().map(e -> List.of(e.topic(), e.partition(), e.offset())).toList());
    return fields;
  }
}
