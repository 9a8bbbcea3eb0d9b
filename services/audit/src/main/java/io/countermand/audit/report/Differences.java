package io.countermand.audit.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.audit.check.Difference;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes differences and gaps, a JSON object per line. */
final class Differences {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Differences() {}

  static void write(AuditResult result, Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (Difference one : result.findings().differences) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("kind", one.kind().name());
        fields.put("promise", one.kind().promise().name());
        fields.put("order", one.order());
        fields.put("cancelId", one.cancelId());
        fields.put("text", one.text());
        fields.put(
            "evidence",
            one.evidence().stream()
                .map(e -> List.of(e.topic(), e.partition(), e.offset()))
                .toList());
        line(out, fields);
      }
      for (Map.Entry<String, Long> gap : result.findings().gaps.entrySet()) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("kind", "GAP");
        fields.put("text", gap.getKey());
        fields.put("count", gap.getValue());
        line(out, fields);
      }
    }
  }

  private static void line(BufferedWriter out, Map<String, @Nullable Object> fields)
      throws IOException {
    out.write(JSON.writeValueAsString(fields));
    out.newLine();
  }
}
