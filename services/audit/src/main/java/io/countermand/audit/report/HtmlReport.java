package io.countermand.audit.report;

import static io.countermand.audit.report.HtmlPage.escape;

import io.countermand.audit.check.Difference;
import io.countermand.audit.check.DifferenceKind;
import io.countermand.audit.check.DifferenceKind.Promise;
import io.countermand.audit.check.Findings.Count;
import io.countermand.audit.source.DuckDb;
import io.countermand.domain.order.Evidence;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes {@code audit.html}: one file, no script, nothing loaded. */
final class HtmlReport {

  private static final int MOST_SHOWN = 500;

  private final AuditResult result;
  private final ReportData data;
  private final Writer out;

  private HtmlReport(AuditResult result, ReportData data, Writer out) {
    this.result = result;
    this.data = data;
    this.out = out;
  }

  static void write(AuditResult result, DuckDb duck, Path file) throws IOException, SQLException {
    try (Writer out = Files.newBufferedWriter(file)) {
      new HtmlReport(result, new ReportData(duck.first()), out).all();
    }
  }

  private void all() throws IOException, SQLException {
    out.write(HtmlPage.begin("Countermand audit", "Audit of order cancels"));
    head();
    promises();
    timeLine();
    latencies();
    outcomes();
    differences();
    method();
    out.write(HtmlPage.END);
  }

  private void head() throws IOException, SQLException {
    long cancels = data.results().values().stream().mapToLong(Long::longValue).sum();
    put(
        "<p class=\"dim\">Cancels received from %s to %s, out of %s. Made %s UTC in %.1f s.</p>",
        result.from().equals(Instant.EPOCH) ? "the first record" : result.from(),
        result.to().truncatedTo(ChronoUnit.SECONDS),
        escape(result.source()),
        result.begun().truncatedTo(ChronoUnit.SECONDS),
        result.took().toMillis() / 1e3);
    String verdict =
        switch (result.exitCode()) {
          case 0 -> "<div class=\"verdict good\"><b>All promises hold.</b> ";
          case 3 ->
              "<div class=\"verdict gaps\"><b>Nothing wrong was found, but not all could be"
                  + " checked.</b> ";
          default ->
              "<div class=\"verdict bad\"><b>"
                  + number(result.differences())
                  + " differences were found.</b> ";
        };
    put(
        "%s%s cancels; %s; %s records read, every decision derived again.</div>",
        verdict, number(cancels), escape(result.judged()), number(result.records()));
    for (Map.Entry<String, Long> gap : result.findings().gaps.entrySet()) {
      put("<p>Could not be checked: %s (%s).</p>", escape(gap.getKey()), number(gap.getValue()));
    }
    for (Map.Entry<String, Long> note : result.findings().notes.entrySet()) {
      put("<p class=\"dim\">Noted: %s %s.</p>", number(note.getValue()), escape(note.getKey()));
    }
  }

  private void promises() throws IOException {
    put(
        "<h2>The promises</h2><table><tr><th>Promise</th><th class=\"n\">Checked</th>"
            + "<th class=\"n\">Differences</th></tr>");
    for (Promise promise : Promise.values()) {
      long wrong =
          result.findings().kinds.entrySet().stream()
              .filter(entry -> entry.getKey().promise() == promise)
              .mapToLong(Map.Entry::getValue)
              .sum();
      put(
          "<tr><td>%s</td><td class=\"n\">%s</td><td class=\"n %s\">%s</td></tr>",
          escape(promise.words()), checked(promise), wrong == 0 ? "ok" : "no", number(wrong));
    }
    put("</table>");
  }

  private String checked(Promise promise) {
    return switch (promise) {
      case ONE_OUTCOME -> counted(Count.JUDGED);
      case TRUTH -> counted(Count.OUTCOMES);
      case EARLY_REJECT, SINGLE_FLIGHT -> counted(Count.DECISIONS);
      case MARKED_CALLS -> counted(Count.CALLS);
      case MASS_CANCELS -> counted(Count.MASSES);
      case POISON ->
          number(result.findings().counts.getOrDefault(Count.POISON, 0L))
              + " unusable records, "
              + number(result.letters())
              + " dead letters";
      case AUDIT -> counted(Count.STEPS) + ", " + number(result.findings().folds) + " order states";
    };
  }

  private String counted(Count count) {
    if (count.mayLack() && !result.findings().counts.containsKey(count)) {
      return "not looked at";
    }
    return number(result.findings().counts.getOrDefault(count, 0L)) + " " + count.words;
  }

  private void timeLine() throws IOException, SQLException {
    put("<h2>Cancels over time</h2><p class=\"key dim\">");
    Map<String, Long> results = data.results();
    for (String one : AuditCharts.RESULTS) {
      if (results.containsKey(one)) {
        put(
            "<svg viewBox=\"0 0 10 10\" style=\"width:.8em;height:.8em;display:inline-block;"
                + "margin:0 .3em 0 1em\"><rect width=\"10\" height=\"10\" fill=\"%s\"/></svg>%s %s",
            AuditCharts.COLORS.getOrDefault(one, "#222222"),
            one.equals("none") ? "no outcome" : one,
            number(results.get(one)));
      }
    }
    put("</p>%s", AuditCharts.timeLine(data.timeLine()));
  }

  private void latencies() throws IOException, SQLException {
    put(
        "<h2>How long it took</h2><p class=\"dim\">Each bar counts cancels; the axis is logarithmic."
            + " Kafka's times are exact to the millisecond.</p>");
    latency("From intent to the first venue call", "received_at", "sent_at");
    latency("From the first call to its answer", "sent_at", "replied_at");
    latency("From intent to outcome", "received_at", "decided_at");
  }

  private void latency(String name, String from, String to) throws IOException, SQLException {
    ReportData.Latency latency = data.latency(name, from, to);
    List<Double> q = latency.quantiles();
    put("<h3>%s</h3>", escape(name));
    if (latency.n() == 0) {
      put("<p class=\"dim\">No cancel has both.</p>");
      return;
    }
    put(
        "<p>%s cancels: half within <b>%s</b>, 95%% within <b>%s</b>, 99%% within <b>%s</b>,"
            + " longest %s.</p>%s",
        number(latency.n()),
        ms(q.get(0)),
        ms(q.get(1)),
        ms(q.get(2)),
        ms(q.get(3)),
        AuditCharts.latency(latency));
  }

  private void outcomes() throws IOException, SQLException {
    put(
        "<h2>Outcomes by venue and reason</h2><table><tr><th>Venue</th><th>Result</th><th>Reason</th>"
            + "<th>Decided by</th><th class=\"n\">Cancels</th></tr>");
    for (ReportData.Outcomes one : data.outcomes()) {
      put(
          "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td class=\"n\">%s</td></tr>",
          escape(one.venue()),
          one.result().equals("none") ? "no outcome" : one.result(),
          one.reason(),
          one.decidedBy(),
          number(one.n()));
    }
    put("</table>");
  }

  private void differences() throws IOException {
    put("<h2>Differences</h2>");
    List<Difference> all = result.findings().differences;
    if (all.isEmpty()) {
      put("<p class=\"ok\">None.</p>");
      return;
    }
    put("<table><tr><th>Kind</th><th class=\"n\">Number</th><th>Meaning</th></tr>");
    for (Map.Entry<DifferenceKind, Long> entry : result.findings().kinds.entrySet()) {
      put(
          "<tr><td><code>%s</code></td><td class=\"n\">%s</td><td>%s</td></tr>",
          entry.getKey(), number(entry.getValue()), escape(entry.getKey().words()));
    }
    put(
        "</table><h3>Each with its evidence</h3><table><tr><th>Kind, cancel</th><th>What</th></tr>");
    for (Difference one : all.subList(0, Math.min(MOST_SHOWN, all.size()))) {
      put(
          "<tr><td><code>%s</code><br>%s<br><span class=\"dim\">%s</span></td><td>%s<br>%s</td></tr>",
          one.kind(),
          escape(one.cancelId() == null ? "" : one.cancelId()),
          escape(one.order() == null ? "" : one.order()),
          escape(one.text()),
          evidence(one.evidence()));
    }
    put("</table>");
    if (result.differences() > MOST_SHOWN) {
      put("<p>%s more are in differences.jsonl.</p>", number(result.differences() - MOST_SHOWN));
    }
  }

  private static String evidence(List<Evidence> evidence) {
    return String.join(
        " ",
        evidence.stream()
            .map(
                e ->
                    "<code>%s-%d@%d</code>".formatted(escape(e.topic()), e.partition(), e.offset()))
            .toList());
  }

  private void method() throws IOException {
    put(
        "<h2>How this was done</h2><p>The recorded topics were read, each order's records joined, and"
            + " every decision of desk and ledger derived again with the functions that had made it."
            + " %s steps of the ledger and %s order states came out as recorded. A place in the record"
            + " is written <code>topic-partition@offset</code>. What this audit cannot see is said in"
            + " docs/audit.md. The rows behind the charts are in cancels.parquet.</p>",
        number(result.findings().derived), number(result.findings().folds));
  }

  private static String ms(double ms) {
    return ms < 10_000
        ? String.format(Locale.ROOT, "%,.1f ms", ms)
        : String.format(Locale.ROOT, "%,.1f s", ms / 1000);
  }

  private static String number(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation is in no dependency of ours
  private void put(String format, Object... values) throws IOException {
    out.write(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
  }
}
