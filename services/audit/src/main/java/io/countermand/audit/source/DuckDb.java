package io.countermand.audit.source;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.duckdb.DuckDBConnection;

/** An embedded DuckDB in memory that spills into a directory. One connection per thread. */
public final class DuckDb implements AutoCloseable {

  private final DuckDBConnection first;

  /**
   * @param spill where what does not fit into memory goes
   * @param memoryMiB bound of DuckDB's own memory, beside the JVM's heap
   * @throws AuditException if it cannot be loaded
   */
  public DuckDb(Path spill, int memoryMiB, int threads) {
    try {
      var settings = new Properties();
      settings.put("jdbc_stream_results", "true");
      first = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", settings);
      run(
          first,
          "SET memory_limit='" + memoryMiB + "MiB'",
          "SET temp_directory=" + text(spill.toString()),
          "SET threads=" + threads,
          "SET preserve_insertion_order=false",
          "SET TimeZone='UTC'");
    } catch (SQLException e) {
      throw new AuditException("DuckDB cannot be started: " + e.getMessage(), e);
    }
  }

  public DuckDBConnection connection() throws SQLException {
    return first.duplicate();
  }

  public DuckDBConnection first() {
    return first;
  }

  public static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** A text literal. */
  public static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  @Override
  public void close() {
    try {
      first.close();
    } catch (SQLException e) {
      throw new AuditException("DuckDB cannot be closed: " + e.getMessage(), e);
    }
  }
}
