package io.countermand.console.reports;

import io.countermand.console.access.SignedInUser;
import io.countermand.console.access.UserRole;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pages of audits, for auditors. Nothing of a report is shown but as text. Thread-safe. */
public final class ReportPages {

  private static final Logger LOG = LoggerFactory.getLogger(ReportPages.class);

  /** Should somebody show it all the same. */
  private static final String POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'";

  private final AuditReports reports;
  private final Writer writer;

  /** What writes pages. */
  public interface Writer {
    void page(Context request, String template, Map<String, ? extends @Nullable Object> model);
  }

  public ReportPages(AuditReports reports, Writer writer) {
    this.reports = reports;
    this.writer = writer;
  }

  public void all(Context request) {
    var _ = SignedInUser.with(UserRole.AUDITOR, request);
    writer.page(request, "audits.jte", Map.of("reports", list()));
  }

  private List<AuditReports.Report> list() {
    try {
      return reports.all();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  public void one(Context request) {
    var _ = SignedInUser.with(UserRole.AUDITOR, request);
    AuditReports.Report report =
        reports.find(asked(request, "name")).orElseThrow(ReportPages::unknown);
    try {
      writer.page(
          request,
          "audit.jte",
          Map.of("report", report, "summary", reports.summary(report.name())));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** A file, to be kept and not to be shown: its page would be one of ours. */
  public void file(Context request) {
    SignedInUser who = SignedInUser.with(UserRole.AUDITOR, request);
    String name = asked(request, "name");
    String file = asked(request, "file");
    AuditReports.Part part =
        reports.find(name).stream()
            .flatMap(report -> report.parts().stream())
            .filter(each -> each.name().equals(file))
            .findFirst()
            .orElseThrow(ReportPages::unknown);
    if (part.bytes() > AuditReports.LARGEST) {
      throw new BadRequestResponse(
          "It has more than 1 GiB: copy it from the machine where it lies.");
    }
    InputStream in;
    try {
      in = reports.open(name, file).orElseThrow(ReportPages::unknown);
    } catch (IOException e) {
      throw unreadable(e);
    }
    LOG.atInfo()
        .addKeyValue("user", who.name())
        .addKeyValue("from", who.address())
        .addKeyValue("report", name)
        .addKeyValue("file", file)
        .log("a report of an audit is downloaded");
    request.header("Content-Security-Policy", POLICY);
    request.header("Content-Disposition", "attachment; filename=\"" + name + "-" + file + "\"");
    request.contentType("application/octet-stream");
    request.result(in);
  }

  private static String asked(Context request, String name) {
    String value = request.queryParam(name);
    if (value == null) {
      throw new BadRequestResponse(name + " is missing in the address");
    }
    return value;
  }

  private static NotFoundResponse unknown() {
    return new NotFoundResponse("No such report lies in the directory of reports.");
  }

  private static HttpResponseException unreadable(IOException e) {
    LOG.atError().setCause(e).log("reports of audits cannot be read");
    return new HttpResponseException(
        503, "The directory of reports (console.reports) cannot be read; the log says why.");
  }
}
