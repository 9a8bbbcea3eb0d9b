package io.countermand.audit.report;

import io.countermand.audit.source.DuckDb;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/** Writes the report's files. */
public final class AuditReport {

  private final AuditResult result;
  private final DuckDb duck;

  public AuditReport(AuditResult result, DuckDb duck) {
    this.result = result;
    this.duck = duck;
  }

  public void write(Path directory) throws IOException, SQLException {
    DuckDb.run(
        duck.first(),
        "COPY (SELECT * FROM "
            + CancelRows.TABLE
            + " ORDER BY received_at, cancel_id) TO "
            + DuckDb.text(directory.resolve("cancels.parquet").toString())
            + " (FORMAT parquet, COMPRESSION zstd)");
    Differences.write(result, directory.resolve("differences.jsonl"));
    HtmlReport.write(result, duck, directory.resolve("audit.html"));
  }
}
