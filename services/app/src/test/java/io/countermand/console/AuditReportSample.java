package io.countermand.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory of one report, as an audit writes it, for who looks at the console's pages of it. */
final class AuditReportSample {

  static final String NAME = "day-20";
  static final String DIFFERENCE = "{\"kind\":\"GAP\"}\n";

  private AuditReportSample() {}

  /**
   * @param directory in which it is made
   */
  static Path in(Path directory) throws IOException {
    Path report = Files.createDirectories(directory.resolve("audits").resolve(NAME));
    Files.writeString(
        report.resolve("audit.html"),
        "<!doctype html><html><body><h1>Audit</h1><script>alert(1)</script>"
            + "<p>All promises hold. &lt;b&gt; "
            + "W".repeat(200)
            + "</p></body></html>");
    Files.writeString(report.resolve("differences.jsonl"), DIFFERENCE);
    return directory.resolve("audits");
  }
}
