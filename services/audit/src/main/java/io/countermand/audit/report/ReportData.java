package io.countermand.audit.report;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.duckdb.DuckDBConnection;

/** What the charts and tables show, out of the cancels. */
final class ReportData {

  /** Columns of a time line. */
  static final int BUCKETS = 72;

  /** Four columns of a histogram are a factor of ten. */
  private static final int PER_DECADE = 4;

  /**
   * @param counts by column; column c begins at 10^(c/4) microseconds
   * @param quantiles 50%, 95%, 99% and the longest, milliseconds
   */
  record Latency(String name, long n, TreeMap<Integer, Long> counts, List<Double> quantiles) {}

  /**
   * @param result "none": no outcome
   */
  record Column(int bucket, String result, long n) {}

  /** Cancels by when they were received. */
  record TimeLine(Instant from, Instant to, List<Column> columns) {}

  record Outcomes(String venue, String result, String reason, String decidedBy, long n) {}

  private final DuckDBConnection connection;

  ReportData(DuckDBConnection connection) {
    this.connection = connection;
  }

  Latency latency(String name, String from, String to) throws SQLException {
    String micros = "greatest(1, epoch_us(" + to + ") - epoch_us(" + from + "))";
    String rows = " FROM cancels WHERE " + from + " IS NOT NULL AND " + to + " IS NOT NULL";
    TreeMap<Integer, Long> counts = new TreeMap<>();
    long n = 0;
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT CAST(floor(log10("
                    + micros
                    + ") * "
                    + PER_DECADE
                    + ") AS INTEGER), count(*)"
                    + rows
                    + " GROUP BY 1")) {
      while (result.next()) {
        counts.put(result.getInt(1), result.getLong(2));
        n += result.getLong(2);
      }
    }
    List<Double> quantiles = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT quantile_disc(m, 0.5), quantile_disc(m, 0.95), quantile_disc(m, 0.99), max(m)"
                    + " FROM (SELECT "
                    + micros
                    + " AS m"
                    + rows
                    + ")")) {
      if (result.next()) {
        for (int i = 0; i < 4; i++) {
          quantiles.add(result.getLong(i + 1) / 1000.0);
        }
      }
    }
    return new Latency(name, n, counts, quantiles);
  }

  TimeLine timeLine() throws SQLException {
    long from = 0;
    long to = 0;
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT min(epoch_ms(received_at)), max(epoch_ms(received_at)) FROM cancels")) {
      if (result.next()) {
        from = result.getLong(1);
        to = result.getLong(2);
      }
    }
    long width = Math.max(1, (to - from) / BUCKETS + 1);
    List<Column> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT CAST((epoch_ms(received_at) - "
                    + from
                    + ") // "
                    + width
                    + " AS INTEGER), coalesce(result, 'none'), count(*) FROM cancels"
                    + " GROUP BY 1, 2 ORDER BY 1, 2")) {
      while (result.next()) {
        columns.add(new Column(result.getInt(1), result.getString(2), result.getLong(3)));
      }
    }
    return new TimeLine(Instant.ofEpochMilli(from), Instant.ofEpochMilli(to), columns);
  }

  List<Outcomes> outcomes() throws SQLException {
    List<Outcomes> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT venue, coalesce(result, 'none'), coalesce(reason, ''),"
                    + " coalesce(decided_by, ''), count(*) FROM cancels"
                    + " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 5 DESC, 3 LIMIT 500")) {
      while (result.next()) {
        all.add(
            new Outcomes(
                result.getString(1),
                result.getString(2),
                result.getString(3),
                result.getString(4),
                result.getLong(5)));
      }
    }
    return all;
  }

  Map<String, Long> results() throws SQLException {
    Map<String, Long> all = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT coalesce(result, 'none'), count(*) FROM cancels GROUP BY 1")) {
      while (result.next()) {
        all.put(result.getString(1), result.getLong(2));
      }
    }
    return all;
  }
}
