package io.countermand.audit.report;

import io.countermand.audit.history.Duck;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/** Writes the report's files. */
public final class Report {

  private final Result result;
  private final Duck duck;

  public Report(Result result, Duck duck) {
    this.result = result;
    this.duck = duck;
  }

  public void write(Path directory) throws IOException, SQLException {
    Duck.run(
        duck.first(),
        "COPY (SELECT * FROM "
            + CancelRows.TABLE
            + " ORDER BY received_at, cancel_id) TO "
            + Duck.text(directory.resolve("cancels.parquet").toString())
            + " (FORMAT parquet, COMPRESSION zstd)");
    Differences.write(result, directory.resolve("differences.jsonl"));
    Html.write(result, duck, directory.resolve("audit.html"));
  }
}
