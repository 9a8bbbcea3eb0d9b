package io.countermand.app.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code infra/grafana/*.json} as far as tests need it. */
record Dashboards(List<JsonNode> all) {

  private static final Path DIRECTORY = Alerts.INFRA.resolve("grafana");
  private static final Pattern VALUES = Pattern.compile("label_values\\((\\w+), (\\w+)\\)");
  private static final Pattern GROUPING = Pattern.compile("\\bby\\s*\\(([^)]*)\\)");

  /** A query of a panel. */
  record Query(String dashboard, String panel, String expr) {

    /** As Grafana sends it, with all venues and processes chosen. */
    String sent() {
      return expr.replaceAll("\\$(venue|instance)\\b", ".*")
          .replace("$__rate_interval", "1m")
          .replace("$__range", "1h");
    }

    List<Alerts.Selector> selectors() {
      return Alerts.selectors(sent().replaceAll("\\[\\w+]", ""));
    }

    /** The labels that the result is shown by; Prometheus itself adds {@code instance}. */
    List<String> grouping() {
      List<String> labels = new ArrayList<>();
      Matcher by = GROUPING.matcher(expr);
      while (by.find()) {
        Stream.of(by.group(1).split(","))
            .map(String::strip)
            .filter(label -> !label.equals("instance"))
            .forEach(labels::add);
      }
      return labels;
    }
  }

  static Dashboards read() throws IOException {
    List<JsonNode> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      for (Path file : files.sorted().toList()) {
        all.add(new ObjectMapper().readTree(file.toFile()));
      }
    }
    return new Dashboards(all);
  }

  List<Query> queries() {
    List<Query> queries = new ArrayList<>();
    for (JsonNode dashboard : all) {
      for (JsonNode panel : dashboard.get("panels")) {
        for (JsonNode target : panel.get("targets")) {
          queries.add(
              new Query(
                  dashboard.get("title").asText(),
                  panel.get("title").asText(),
                  target.get("expr").asText()));
        }
      }
    }
    return queries;
  }

  /** What the variables offer, as metric and label. */
  List<List<String>> offered() {
    List<List<String>> offered = new ArrayList<>();
    for (JsonNode dashboard : all) {
      for (JsonNode variable : dashboard.at("/templating/list")) {
        Matcher values = VALUES.matcher(variable.at("/query/query").asText());
        if (values.matches()) {
          offered.add(List.of(values.group(1), values.group(2)));
        }
      }
    }
    return offered;
  }
}
