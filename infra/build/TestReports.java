import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/**
 * Reads Surefire's reports of all modules: {@code slowest} prints the ten test classes that took
 * longest, {@code failed} each failing test with the end of its own output, {@code sum} how many
 * tests ran. A second argument, an instant, leaves out the reports of earlier builds.
 *
 * <p>In Java 17, since CI calls it with the default {@code java}.
 */
class TestReports {

  private static final int SLOWEST = 10;
  private static final int MOST_FAILED = 10;
  private static final int LAST_LINES = 40;

  private record Failed(String test, String message, String trace, String output) {}

  private record Report(
      String name, double seconds, int tests, int failed, int skipped, List<Failed> failures) {}

  public static void main(String[] args) throws Exception {
    Instant since = args.length > 1 ? Instant.parse(args[1]) : Instant.EPOCH;
    List<Report> reports = read(since);
    switch (args[0]) {
      case "slowest" -> slowest(reports);
      case "failed" -> failed(reports);
      case "sum" -> sum(reports);
      default -> throw new IllegalArgumentException("slowest, failed or sum, not " + args[0]);
    }
  }

  private static void slowest(List<Report> reports) {
    if (reports.isEmpty()) {
      return;
    }
    System.out.println("The slowest test classes:");
    reports.stream()
        .sorted(Comparator.comparingDouble(Report::seconds).reversed())
        .limit(SLOWEST)
        .forEach(
            r ->
                System.out.printf(
                    Locale.ROOT, "%8.1f s %5d tests  %s%n", r.seconds(), r.tests(), r.name()));
    System.out.printf(
        Locale.ROOT,
        "%8.1f s %5d tests  in all %d classes%n",
        reports.stream().mapToDouble(Report::seconds).sum(),
        reports.stream().mapToInt(Report::tests).sum(),
        reports.size());
  }

  /** First what failed, a line each; then what each of them said. */
  private static void failed(List<Report> reports) {
    List<Failed> failures = reports.stream().flatMap(r -> r.failures().stream()).toList();
    failures.forEach(f -> System.out.println("  " + f.test() + ": " + firstLine(f.message())));
    failures.stream()
        .limit(MOST_FAILED)
        .forEach(
            f -> {
              System.out.println("\n--- " + f.test());
              first(f.trace()).forEach(System.out::println);
              if (!f.output().isBlank()) {
                System.out.println("--- the end of its output");
                last(f.output()).forEach(System.out::println);
              }
            });
  }

  /** In Surefire's words, which whoever reads a build's log knows. */
  private static void sum(List<Report> reports) {
    System.out.printf(
        "Tests run: %d, Failures: %d, Errors: 0, Skipped: %d%n",
        reports.stream().mapToInt(Report::tests).sum(),
        reports.stream().mapToInt(Report::failed).sum(),
        reports.stream().mapToInt(Report::skipped).sum());
  }

  private static List<Report> read(Instant since) throws Exception {
    DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    List<Report> reports = new ArrayList<>();
    for (String part : List.of("schemas", "services")) {
      try (var modules = Files.newDirectoryStream(Path.of(part))) {
        for (Path module : modules) {
          Path directory = module.resolve("target/surefire-reports");
          if (!Files.isDirectory(directory)) {
            continue;
          }
          try (var files = Files.newDirectoryStream(directory, "TEST-*.xml")) {
            for (Path file : files) {
              if (!Files.getLastModifiedTime(file).toInstant().isBefore(since)) {
                reports.add(report(parser.parse(file.toFile()).getDocumentElement()));
              }
            }
          }
        }
      }
    }
    return reports;
  }

  private static Report report(Element suite) {
    List<Failed> failures = new ArrayList<>();
    var cases = suite.getElementsByTagName("testcase");
    for (int i = 0; i < cases.getLength(); i++) {
      var test = (Element) cases.item(i);
      for (String kind : List.of("failure", "error")) {
        var wrong = test.getElementsByTagName(kind);
        if (wrong.getLength() > 0) {
          var first = (Element) wrong.item(0);
          String trace = first.getTextContent();
          String message = first.getAttribute("message");
          failures.add(
              new Failed(
                  test.getAttribute("classname") + "." + test.getAttribute("name"),
                  message.isBlank() ? trace : message,
                  trace,
                  text(test, "system-out") + text(test, "system-err")));
        }
      }
    }
    return new Report(
        suite.getAttribute("name"),
        Double.parseDouble(suite.getAttribute("time").replace(",", "")),
        number(suite, "tests"),
        number(suite, "failures") + number(suite, "errors"),
        number(suite, "skipped"),
        failures);
  }

  private static int number(Element suite, String attribute) {
    return Integer.parseInt(suite.getAttribute(attribute));
  }

  private static String text(Element test, String name) {
    var found = test.getElementsByTagName(name);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent();
  }

  private static String firstLine(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("");
  }

  private static List<String> first(String text) {
    return text.lines().limit(LAST_LINES).toList();
  }

  private static List<String> last(String text) {
    List<String> lines = text.lines().toList();
    return lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
  }
}
