package io.countermand.app.drill;

import io.countermand.audit.report.HtmlPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes a drill's report as the name of the file says: HTML, Markdown or JSON. */
public final class ReportFile {

  /** How such a name ends. */
  public static final List<String> ENDS = List.of(".html", ".md", ".json");

  private ReportFile() {}

  /** Whether it can be written under this name. */
  public static boolean can(Path file) {
    return ENDS.stream().anyMatch(end -> file.toString().toLowerCase(Locale.ROOT).endsWith(end));
  }

  /**
   * @throws IllegalArgumentException if the name ends otherwise
   */
  public static void write(DrillReport report, Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    String name = file.toString().toLowerCase(Locale.ROOT);
    Files.writeString(
        file,
        name.endsWith(".json")
            ? report.json()
            : name.endsWith(".md") ? markdown(report) : html(report));
  }

  /** One page, no script, nothing loaded. */
  public static String html(DrillReport report) {
    ReportSheet page = DrillSheet.of(report);
    var out = new StringBuilder(HtmlPage.begin("Countermand kill drill", page.title()));
    String mood =
        switch (page.mood()) {
          case GOOD -> "good";
          case GAPS -> "gaps";
          case BAD -> "bad";
        };
    out.append("<div class=\"verdict ").append(mood).append("\"><b>");
    out.append(HtmlPage.escape(page.verdict())).append("</b></div>");
    for (ReportSheet.Part part : page.parts()) {
      switch (part) {
        case ReportSheet.Heading(String text) ->
            out.append("<h2>").append(HtmlPage.escape(text)).append("</h2>");
        case ReportSheet.Text(String text) ->
            out.append("<p>").append(HtmlPage.escape(text)).append("</p>");
        case ReportSheet.Bullets(List<String> texts) -> {
          out.append("<ul>");
          texts.forEach(text -> out.append("<li>").append(HtmlPage.escape(text)).append("</li>"));
          out.append("</ul>");
        }
        case ReportSheet.Table table -> table(table, out);
      }
      out.append('\n');
    }
    return out.append(HtmlPage.END).toString();
  }

  private static void table(ReportSheet.Table table, StringBuilder out) {
    out.append("<table><tr>");
    for (int n = 0; n < table.head().size(); n++) {
      cell("th", n, table, table.head().get(n), out);
    }
    out.append("</tr>");
    for (List<String> row : table.rows()) {
      out.append("<tr>");
      for (int n = 0; n < row.size(); n++) {
        cell("td", n, table, row.get(n), out);
      }
      out.append("</tr>");
    }
    out.append("</table>");
  }

  private static void cell(
      String tag, int column, ReportSheet.Table table, String text, StringBuilder out) {
    out.append('<').append(tag).append(table.figures() && column > 0 ? " class=\"n\">" : ">");
    out.append(HtmlPage.escape(text)).append("</").append(tag).append('>');
  }

  public static String markdown(DrillReport report) {
    ReportSheet page = DrillSheet.of(report);
    var out = new StringBuilder("# " + page.title() + "\n\n**" + plain(page.verdict()) + "**\n");
    for (ReportSheet.Part part : page.parts()) {
      switch (part) {
        case ReportSheet.Heading(String text) ->
            out.append("\n## ").append(plain(text)).append('\n');
        case ReportSheet.Text(String text) -> out.append('\n').append(plain(text)).append('\n');
        case ReportSheet.Bullets(List<String> texts) -> {
          out.append('\n');
          texts.forEach(text -> out.append("- ").append(plain(text)).append('\n'));
        }
        case ReportSheet.Table table -> {
          out.append('\n').append(line(table.head()));
          out.append("|---".repeat(1));
          out.append((table.figures() ? "|---:" : "|---").repeat(table.head().size() - 1));
          out.append("|\n");
          table.rows().forEach(row -> out.append(line(row)));
        }
      }
    }
    return out.toString();
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells.stream().map(ReportFile::plain).toList()) + " |\n";
  }

  /** An id or a reason may have any text; none is to be a mark of ours. */
  private static String plain(String text) {
    return text.replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("<", "&lt;")
        .replace("*", "\\*")
        .replace("`", "\\`")
        .replaceAll("\\R", " ");
  }

  /** For a screen. */
  public static List<String> lines(DrillReport report) {
    ReportSheet page = DrillSheet.of(report);
    List<String> lines = new ArrayList<>();
    for (ReportSheet.Part part : page.parts()) {
      switch (part) {
        case ReportSheet.Heading(String text) -> {
          lines.add("");
          lines.add(text);
        }
        case ReportSheet.Text(String text) -> lines.add("  " + text);
        case ReportSheet.Bullets(List<String> texts) ->
            texts.forEach(text -> lines.add("  - " + text));
        case ReportSheet.Table table -> columns(table, lines);
      }
    }
    lines.add("");
    lines.add(page.verdict());
    return lines;
  }

  private static void columns(ReportSheet.Table table, List<String> lines) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(table.head());
    rows.addAll(table.rows());
    int[] width = new int[table.head().size()];
    rows.forEach(
        row -> {
          for (int n = 0; n < row.size(); n++) {
            width[n] = Math.max(width[n], row.get(n).length());
          }
        });
    for (List<String> row : rows) {
      var line = new StringBuilder(" ");
      for (int n = 0; n < row.size(); n++) {
        String blank = " ".repeat(width[n] - row.get(n).length());
        boolean right = table.figures() && n > 0;
        line.append(' ').append(right ? blank + row.get(n) : row.get(n) + blank).append(' ');
      }
      lines.add(line.toString().stripTrailing());
    }
  }
}
