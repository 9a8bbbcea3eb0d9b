package io.countermand.app.observe;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What {@code /metrics} said, in Prometheus' text format. */
public record Scrape(List<Series> series) {

  private static final Pattern LINE = Pattern.compile("(\\w+)(?:\\{(.*)\\})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  record Series(String name, Map<String, String> labels, double value) {}

  static Scrape of(String text) {
    return new Scrape(
        text.lines().filter(line -> !line.startsWith("#")).map(Scrape::line).toList());
  }

  private static Series line(String text) {
    Matcher line = LINE.matcher(text);
    if (!line.matches()) {
      throw new AssertionError("no line of a scrape: " + text);
    }
    Map<String, String> labels = new TreeMap<>();
    Matcher label = LABEL.matcher(line.group(2) == null ? "" : line.group(2));
    while (label.find()) {
      labels.put(label.group(1), label.group(2));
    }
    return new Series(line.group(1), labels, Double.parseDouble(line.group(3)));
  }

  /** Sum over the series of that name that have these labels, given as name, value, name, value. */
  public double sum(String name, String... labels) {
    return series.stream()
        .filter(each -> each.name().equals(name))
        .filter(
            each -> {
              for (int i = 0; i < labels.length; i += 2) {
                if (!labels[i + 1].equals(each.labels().get(labels[i]))) {
                  return false;
                }
              }
              return true;
            })
        .mapToDouble(Series::value)
        .sum();
  }

  Set<String> names() {
    return series.stream().map(Series::name).collect(Collectors.toSet());
  }
}
