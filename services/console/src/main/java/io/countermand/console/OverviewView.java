package io.countermand.console;

import io.countermand.console.kept.CancelLife;
import io.countermand.console.kept.CancelRates;
import io.countermand.console.kept.KeptCancels;
import io.countermand.console.kept.Tally;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What goes on.
 *
 * @param at when it was looked at
 * @param window its name in the address
 * @param perSecond cancels, over the window
 * @param open without an outcome, of those that are kept
 * @param oldest of them
 * @param unresolved of those that are kept, and nothing was learned since
 * @param late without an outcome after deadline and grace, or with one that came later
 * @param bars of the picture, oldest first
 * @param reading topics that are not read up yet, or cannot be read
 */
public record OverviewView(
    Instant at,
    String window,
    double perSecond,
    long intents,
    long open,
    Optional<CancelLife> oldest,
    long unresolved,
    long late,
    long kept,
    long gone,
    List<Bar> bars,
    long highest,
    String barLength,
    List<VenueRow> venues,
    List<String> reading) {

  private static final int WIDE = 720;
  private static final int HIGH = 120;

  /**
   * One bar of the picture, in its units.
   *
   * @param label when, and how many
   */
  public record Bar(double x, double y, double width, double height, String label) {}

  /** Milliseconds. */
  public record VenueRow(
      String venue,
      long intents,
      long outcomes,
      double toVenue50,
      double toVenue99,
      double toOutcome50,
      double toOutcome99) {}

  /** What the address may name. */
  enum Window {
    M5("5m", 30, 10, "10 s"),
    H1("1h", 60, 60, "1 min"),
    H24("24h", 96, 900, "15 min");

    final String name;
    final int bars;
    final int barSeconds;
    final String barLength;

    Window(String name, int bars, int barSeconds, String barLength) {
      this.name = name;
      this.bars = bars;
      this.barSeconds = barSeconds;
      this.barLength = barLength;
    }

    static Window of(String name) {
      for (Window each : values()) {
        if (each.name.equals(name)) {
          return each;
        }
      }
      return M5;
    }
  }

  /** Costs the same however many cancels are kept. */
  static OverviewView of(
      KeptCancels cancels, CancelRates pace, Window window, List<String> reading, Instant now) {
    Tally.Sum kept = cancels.sum(now);
    CancelRates.Counts[] bars = pace.bars(now, window.bars, window.barSeconds);
    var sum = new CancelRates.Counts();
    long highest = 1;
    for (CancelRates.Counts bar : bars) {
      sum.add(bar);
      highest = Math.max(highest, bar.intents);
    }
    double seconds = (double) window.bars * window.barSeconds - rest(now, window.barSeconds);
    return new OverviewView(
        now,
        window.name,
        sum.intents / seconds,
        sum.intents,
        kept.open(),
        kept.oldest(),
        kept.unresolved(),
        kept.late(),
        cancels.kept(),
        cancels.gone(),
        drawn(bars, highest, window, now),
        highest,
        window.barLength,
        rows(sum),
        reading);
  }

  /** The last bar is not over: so many seconds of it are to come. */
  private static int rest(Instant now, int barSeconds) {
    return barSeconds - Math.floorMod(now.getEpochSecond(), barSeconds);
  }

  private static List<Bar> drawn(
      CancelRates.Counts[] bars, long highest, Window window, Instant now) {
    List<Bar> drawn = new ArrayList<>();
    double width = (double) WIDE / bars.length;
    long last = Math.floorDiv(now.getEpochSecond(), window.barSeconds);
    for (int i = 0; i < bars.length; i++) {
      double height = (double) HIGH * bars[i].intents / highest;
      Instant from = Instant.ofEpochSecond((last - bars.length + 1L + i) * window.barSeconds);
      drawn.add(
          new Bar(
              i * width,
              HIGH - height,
              width - 1,
              height,
              DisplayText.time(from) + " UTC: " + bars[i].intents));
    }
    return drawn;
  }

  private static List<VenueRow> rows(CancelRates.Counts sum) {
    List<VenueRow> rows = new ArrayList<>();
    for (Map.Entry<String, CancelRates.Venue> each : sum.venues.entrySet()) {
      CancelRates.Venue venue = each.getValue();
      rows.add(
          new VenueRow(
              each.getKey(),
              venue.intents,
              venue.outcomes,
              venue.toVenue.percentile(50),
              venue.toVenue.percentile(99),
              venue.toOutcome.percentile(50),
              venue.toOutcome.percentile(99)));
    }
    return rows;
  }

  /** Few are not none. */
  public String rate() {
    if (perSecond > 0 && perSecond < 0.01) {
      return "< 0.01";
    }
    return String.format(Locale.ROOT, perSecond > 0 && perSecond < 1 ? "%.2f" : "%,.1f", perSecond);
  }
}
