package io.countermand.app.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;

/** {@code infra/prometheus/alerts.yml} as far as tests need it. */
record Alerts(List<Map<String, Object>> rules) {

  static final Path INFRA = Path.of("../../infra");

  private static final Set<String> WORDS = Set.of("and", "or", "unless", "offset", "bool");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(by|on|without|ignoring|group_left)\\s*\\([^)]*\\)");
  private static final Pattern TEXT = Pattern.compile("(\\{[^}]*\\})|\"[^\"]*\"");
  private static final Pattern NAME =
      Pattern.compile("(?<![\\w:])([a-zA-Z_:][\\w:]*)\\s*(\\{[^}]*\\})?(\\s*\\()?");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");

  /** A metric with what its labels must be. */
  record Selector(String metric, Map<String, Pattern> is, Map<String, Pattern> isNot) {

    boolean matches(Scrape.Series series) {
      return series.name().equals(metric)
          && is.entrySet().stream().allMatch(each -> fits(series, each))
          && isNot.entrySet().stream().noneMatch(each -> fits(series, each));
    }

    private static boolean fits(Scrape.Series series, Map.Entry<String, Pattern> wanted) {
      return wanted.getValue().matcher(series.labels().getOrDefault(wanted.getKey(), "")).matches();
    }
  }

  static Alerts read() throws IOException {
    Map<String, Object> file =
        new Yaml().load(Files.readString(INFRA.resolve("prometheus/alerts.yml")));
    List<Map<String, Object>> rules = new ArrayList<>();
    for (Object group : (List<?>) file.get("groups")) {
      for (Object rule : (List<?>) ((Map<?, ?>) group).get("rules")) {
        Map<String, Object> copy = new TreeMap<>();
        ((Map<?, ?>) rule).forEach((key, value) -> copy.put(key.toString(), value));
        rules.add(copy);
      }
    }
    return new Alerts(rules);
  }

  List<Map<String, Object>> alerts() {
    return rules.stream().filter(rule -> rule.containsKey("alert")).toList();
  }

  /** Every metric that any rule uses, but those of Prometheus' own and of other rules. */
  List<Selector> selectors() {
    List<Selector> all = new ArrayList<>();
    for (Map<String, Object> rule : rules) {
      for (Selector selector : selectors(rule.get("expr").toString())) {
        boolean made =
            rules.stream().anyMatch(each -> selector.metric().equals(each.get("record")));
        if (!made && !selector.metric().equals("up")) {
          all.add(selector);
        }
      }
    }
    return all;
  }

  static List<Selector> selectors(String expr) {
    // Texts go, but for those of label matchers.
    String bare = TEXT.matcher(GROUPING.matcher(expr).replaceAll(" ")).replaceAll("$1");
    List<Selector> found = new ArrayList<>();
    Matcher names = NAME.matcher(bare);
    while (names.find()) {
      if (names.group(3) != null || WORDS.contains(names.group(1))) {
        continue;
      }
      Map<String, Pattern> is = new TreeMap<>();
      Map<String, Pattern> isNot = new TreeMap<>();
      Matcher labels = MATCHER.matcher(names.group(2) == null ? "" : names.group(2));
      while (labels.find()) {
        String text = labels.group(3);
        Pattern value =
            labels.group(2).endsWith("~")
                ? Pattern.compile(text)
                : Pattern.compile(Pattern.quote(text));
        (labels.group(2).startsWith("!") ? isNot : is).put(labels.group(1), value);
      }
      found.add(new Selector(names.group(1), is, isNot));
    }
    return found;
  }
}
