package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.console.access.Access;
import io.countermand.console.access.AccessSettings;
import io.countermand.console.access.Shield;
import io.countermand.console.access.UserFile;
import io.countermand.console.actions.KillProposals;
import io.countermand.console.kept.ActionLog;
import io.countermand.console.kept.KeptSwitches;
import io.countermand.console.kept.MassReports;
import io.countermand.console.reports.AuditReports;
import io.countermand.console.reports.ReportPages;
import io.javalin.Javalin;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports of audits, over real sockets, with the console's own routes and no pipeline behind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditPagesTest {

  private static final String SECRET = "canary-" + UUID.randomUUID();
  private static final String PASSWORD = "a long one " + UUID.randomUUID();
  private static final String FILE = "/audit/file?name=day-20&file=";

  private final HttpClient http = HttpClient.newHttpClient();
  private Path directory;
  private Access access;
  private Javalin server;
  private Javalin without;

  @BeforeAll
  void open(@TempDir Path outer) throws IOException {
    directory = Files.createDirectory(outer.resolve("audits"));
    Path report = Files.createDirectory(directory.resolve("day-20"));
    Files.writeString(
        report.resolve("audit.html"),
        "<!doctype html><html><body><h1>Audit</h1><script>alert(1)</script>"
            + "<p>All promises hold. &lt;b&gt;</p></body></html>");
    Files.writeString(report.resolve("differences.jsonl"), "{\"kind\":\"GAP\"}\n");
    Files.writeString(outer.resolve("secret"), SECRET);
    Files.createSymbolicLink(report.resolve("cancels.parquet"), outer.resolve("secret"));
    Path large = Files.createDirectory(directory.resolve("large"));
    try (var file = new RandomAccessFile(large.resolve("cancels.parquet").toFile(), "rw")) {
      file.setLength(AuditReports.LARGEST + 1); // sparse
    }
    Path users =
        Files.write(
            outer.resolve("users"),
            List.of(
                UserFile.line("audrey", "auditor", PASSWORD, ActingScenario.COST),
                UserFile.line("kim", "killer,operator,viewer", PASSWORD, ActingScenario.COST)));
    access =
        new Access(new AccessSettings(users, null, Duration.ofMinutes(30), Duration.ofHours(12)));
    server = serve(true);
    without = serve(false);
  }

  private Javalin serve(boolean reports) {
    var writer =
        new PageWriter(
            () -> Frame.of(List.of(), new KeptSwitches().standing(), Frame.Known.YES),
            true,
            false,
            reports);
    var masses = new MassReports();
    var venues = new CachedViews<String, VenuesView>(_ -> null, Duration.ofSeconds(1));
    var proposals = new KillProposals(InstantSource.system());
    var held = new StandingPages(masses, venues, new ActionLog(), Set.of(), proposals, writer);
    return Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.jetty.host = "127.0.0.1";
              config.jetty.port = 0;
              config.routes.before(new Shield(null)::before);
              Routes.signIn(config, new SignInPages(access, writer), held);
              if (reports) {
                Routes.audits(config, new ReportPages(new AuditReports(directory), writer::page));
              }
              Routes.pages(config, held, new MassPages(masses, null, writer), writer);
            })
        .start();
  }

  @AfterAll
  void close() {
    server.stop();
    without.stop();
    access.close();
    http.close();
  }

  private ConsoleVisitor signedIn(String name, Javalin where) throws Exception {
    var visitor = new ConsoleVisitor(http, where.port());
    HttpResponse<String> page = visitor.get("/sign-in");
    var form = Map.of("name", name, "password", PASSWORD, "csrf", visitor.cookie("form"));
    assertThat(page.statusCode()).isEqualTo(200);
    HttpResponse<String> answer =
        visitor.post("/sign-in", form, Map.of("Origin", visitor.origin()));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    return visitor;
  }

  @Test
  void shouldShowAReportAsTextAndLeadThereWhereItIsConfigured() throws Exception {
    // Given
    var audrey = signedIn("audrey", server);
    // When
    String list = audrey.get("/audits").body();
    String page = audrey.get("/audit?name=day-20").body();
    // Then
    assertThat(audrey.get("/kill").body()).contains("href=\"/audits\"");
    assertThat(list).contains("href=\"/audit?name=day-20\"", "day-20");
    MarkupCheck.check("audits", list);
    assertThat(page)
        .contains("All promises hold. &lt;b&gt;", "differences.jsonl")
        .doesNotContain("<script>alert", "cancels.parquet", SECRET);
    MarkupCheck.check("audit", page);
    assertThat(signedIn("audrey", without).get("/kill").body()).doesNotContain("/audits");
    assertThat(signedIn("audrey", without).get("/audits").statusCode()).isEqualTo(404);
  }

  @Test
  void shouldHandOutAFileToBeSavedAndNotToBeShown() throws Exception {
    // When
    HttpResponse<String> answer = signedIn("audrey", server).get(FILE + "audit.html");
    // Then
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("<script>alert(1)</script>");
    var headers = answer.headers();
    assertThat(headers.firstValue("Content-Disposition"))
        .contains("attachment; filename=\"day-20-audit.html\"");
    assertThat(headers.firstValue("Content-Type").orElse("")).startsWith("application/octet-str");
    assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(headers.allValues("Content-Security-Policy"))
        .singleElement()
        .asString()
        .contains("sandbox", "default-src 'none'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        FILE + "cancels.parquet",
        FILE + "..%2F..%2Fsecret",
        FILE + "%2Fetc%2Fpasswd",
        "/audit/file?name=..&file=secret",
        "/audit/file?name=..%2Faudits%2Fday-20&file=audit.html",
        "/audit?name=..",
        "/audit?name=nothing"
      })
  void shouldFindNothingElse(String path) throws Exception {
    HttpResponse<String> answer = signedIn("audrey", server).get(path);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).doesNotContain(SECRET, "root:");
    MarkupCheck.check(path, answer.body());
  }

  @Test
  void shouldHandOutNothingThatIsTooLarge() throws Exception {
    HttpResponse<String> answer =
        signedIn("audrey", server).get("/audit/file?name=large&file=cancels.parquet");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("more than 1 GiB");
  }

  @Test
  void shouldShowNothingToWhoIsNoAuditor() throws Exception {
    // Given
    var kim = signedIn("kim", server);
    var nobody = new ConsoleVisitor(http, server.port());
    for (String path : List.of("/audits", "/audit?name=day-20", FILE + "audit.html")) {
      // When
      HttpResponse<String> answer = kim.get(path);
      // Then
      assertThat(answer.statusCode()).as(path).isEqualTo(403);
      assertThat(answer.body()).contains("for the role auditor").doesNotContain("promises hold");
      assertThat(nobody.get(path).statusCode()).as(path).isEqualTo(303);
    }
    assertThat(kim.get("/kill").body()).doesNotContain("/audits");
  }
}
