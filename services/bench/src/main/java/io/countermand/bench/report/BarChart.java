package io.countermand.bench.report;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/**
 * Horizontal bars in groups, as SVG that stands alone.
 *
 * @param unit of the values, in the title
 * @param series one colour each
 */
record BarChart(String title, String unit, List<String> series, List<Group> groups) {

  /** One value per series, none negative. */
  record Group(String label, List<Double> values) {}

  private static final List<String> COLOURS = List.of("#1f5f8b", "#e07b39", "#7a9e46", "#8a6fb0");
  private static final int WIDTH = 760;
  private static final int LEFT = 160;
  private static final int RIGHT = 80;
  private static final int BAR = 16;
  private static final int GAP = 12;
  private static final int HEAD = 64;

  String svg() {
    int groupHeight = series.size() * BAR + GAP;
    int height = HEAD + groups.size() * groupHeight + 8;
    double most =
        groups.stream().flatMap(g -> g.values().stream()).mapToDouble(v -> v).max().orElse(1);
    double scale = (WIDTH - LEFT - RIGHT) / Math.max(most, 1e-9);
    var text = new StringBuilder();
    var svg = new Formatter(text, Locale.ROOT);
    svg.format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
            + " font-family=\"sans-serif\" font-size=\"12\">%n",
        WIDTH, height);
    svg.format("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n", WIDTH, height);
    svg.format("<text x=\"8\" y=\"22\" font-size=\"15\">%s (%s)</text>%n", title, unit);
    int x = LEFT;
    for (int s = 0; s < series.size(); s++) {
      svg.format(
          "<rect x=\"%d\" y=\"36\" width=\"12\" height=\"12\" fill=\"%s\"/>%n", x, colour(s));
      svg.format("<text x=\"%d\" y=\"46\">%s</text>%n", x + 17, series.get(s));
      x += 40 + 7 * series.get(s).length();
    }
    int y = HEAD;
    for (Group group : groups) {
      svg.format(
          "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
          LEFT - 8, y + series.size() * BAR / 2 + 4, group.label());
      for (int s = 0; s < group.values().size(); s++) {
        double value = group.values().get(s);
        int top = y + s * BAR;
        svg.format(
            "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
            LEFT, top, Math.max(1, value * scale), BAR - 2, colour(s));
        svg.format(
            "<text x=\"%.1f\" y=\"%d\">%s</text>%n",
            LEFT + value * scale + 5,
            top + 12,
            String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.2f", value));
      }
      y += groupHeight;
    }
    return text.append("</svg>\n").toString();
  }

  private static String colour(int series) {
    return COLOURS.get(series % COLOURS.size());
  }
}
