package io.countermand.audit.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws charts as SVG, with text that can be read without hovering. */
final class AuditCharts {

  /** Colours of the results; they differ in lightness, too. */
  static final Map<String, String> COLORS =
      Map.of(
          "CANCELED", "#1b7f5c",
          "PENDING", "#e0a526",
          "REJECTED", "#5b7fb5",
          "UNRESOLVED", "#b3392f",
          "none", "#222222");

  static final List<String> RESULTS =
      List.of("CANCELED", "REJECTED", "PENDING", "UNRESOLVED", "none");

  private static final int WIDTH = 920;
  private static final int HEIGHT = 190;
  private static final int LEFT = 60;
  private static final int RIGHT = 24;
  private static final int BOTTOM = 34;
  private static final int TOP = 12;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private AuditCharts() {}

  /** How many took how long, on a logarithmic axis. */
  static String latency(ReportData.Latency latency) {
    var svg = new StringBuilder(open(latency.name()));
    int first = Math.min(8, latency.counts().isEmpty() ? 8 : latency.counts().firstKey());
    int last = Math.max(28, latency.counts().isEmpty() ? 28 : latency.counts().lastKey() + 1);
    long most = latency.counts().values().stream().mapToLong(Long::longValue).max().orElse(1);
    double step = (double) (WIDTH - LEFT - RIGHT) / (last - first);
    axis(svg, most);
    for (int tick = first + Math.floorMod(-first, 4); tick <= last; tick += 4) {
      double x = LEFT + (tick - first) * step;
      line(svg, x, TOP, x, HEIGHT - BOTTOM, "#e4e4e4");
      text(svg, x, HEIGHT - BOTTOM + 16, "middle", micros(tick / 4));
    }
    latency
        .counts()
        .forEach(
            (column, n) -> {
              double height = height(n, most);
              rect(
                  svg,
                  LEFT + (column - first) * step + 1,
                  HEIGHT - BOTTOM - height,
                  step - 2,
                  height,
                  "#3a6ea5");
            });
    return svg.append("</svg>").toString();
  }

  /** How many cancels came when, and what became of them. */
  static String timeLine(ReportData.TimeLine line) {
    var svg = new StringBuilder(open("cancels over time, by result"));
    Map<Integer, Long> sums = new HashMap<>();
    line.columns().forEach(column -> sums.merge(column.bucket(), column.n(), Long::sum));
    long most = sums.values().stream().mapToLong(Long::longValue).max().orElse(1);
    double step = (double) (WIDTH - LEFT - RIGHT) / ReportData.BUCKETS;
    axis(svg, most);
    Map<Integer, Double> tops = new HashMap<>();
    for (String result : RESULTS) {
      for (ReportData.Column column : line.columns()) {
        if (column.result().equals(result)) {
          double height = height(column.n(), most);
          double top =
              tops.merge(column.bucket(), HEIGHT - BOTTOM - height, (old, any) -> old - height);
          String color = COLORS.getOrDefault(result, "#222222");
          rect(svg, LEFT + column.bucket() * step + 0.5, top, step - 1, height, color);
        }
      }
    }
    text(svg, LEFT, HEIGHT - BOTTOM + 16, "start", TIME.format(line.from()));
    text(svg, WIDTH - RIGHT, HEIGHT - BOTTOM + 16, "end", TIME.format(line.to()));
    text(svg, (LEFT + WIDTH) / 2.0, HEIGHT - BOTTOM + 16, "middle", middle(line));
    return svg.append("</svg>").toString();
  }

  private static String middle(ReportData.TimeLine line) {
    long half = (line.to().toEpochMilli() - line.from().toEpochMilli()) / 2;
    Instant at = line.from().plusMillis(half);
    return half < 2000 ? "" : TIME.format(at);
  }

  private static double height(long n, long most) {
    return Math.max(1, (double) n / most * (HEIGHT - BOTTOM - TOP));
  }

  private static String open(String name) {
    return "<svg role=\"img\" aria-label=\"%s\" viewBox=\"0 0 %d %d\" xmlns=\"http://www.w3.org/2000/svg\">"
        .formatted(HtmlPage.escape(name), WIDTH, HEIGHT);
  }

  private static void axis(StringBuilder svg, long most) {
    line(svg, LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, "#444444");
    for (int part = 0; part <= 2; part++) {
      double y = HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * part / 2.0;
      if (part > 0) {
        line(svg, LEFT, y, WIDTH - RIGHT, y, "#e4e4e4");
      }
      if (part != 1 || most > 1) {
        text(svg, LEFT - 6, y + 4, "end", String.format(Locale.ROOT, "%,d", most * part / 2));
      }
    }
  }

  private static void line(
      StringBuilder svg, double x1, double y1, double x2, double y2, String color) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>",
            x1,
            y1,
            x2,
            y2,
            color));
  }

  private static void rect(
      StringBuilder svg, double x, double y, double width, double height, String color) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>",
            x,
            y,
            width,
            height,
            color));
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
            x,
            y,
            anchor,
            HtmlPage.escape(text)));
  }

  /** Ten to the power of so many microseconds. */
  private static String micros(int power) {
    return switch (power) {
      case 0, 1, 2 -> List.of("1", "10", "100").get(power) + " µs";
      case 3, 4, 5 -> List.of("1", "10", "100").get(power - 3) + " ms";
      default -> String.format(Locale.ROOT, "%,d s", Math.round(Math.pow(10, power - 6)));
    };
  }
}
