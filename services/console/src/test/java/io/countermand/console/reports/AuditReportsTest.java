package io.countermand.console.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditReportsTest {

  private static final Instant OLD = Instant.parse("2026-11-20T08:00:00Z");

  @TempDir private Path outer = Path.of(".");
  private Path directory = outer;
  private AuditReports reports = new AuditReports(outer);

  @BeforeEach
  void write() throws IOException {
    directory = Files.createDirectory(outer.resolve("audits"));
    reports = new AuditReports(directory);
    report("day-19", OLD);
    report("day-20", OLD.plusSeconds(1));
    Files.writeString(outer.resolve("secret"), "a secret");
    Files.writeString(directory.resolve("day-20/notes.txt"), "a secret");
  }

  private void report(String name, Instant at) throws IOException {
    Path page = Files.createDirectory(directory.resolve(name)).resolve("audit.html");
    Files.writeString(page, "<!doctype html><h1>" + name + "</h1>");
    Files.setLastModifiedTime(page, FileTime.from(at));
  }

  private String read(String name, String file) throws IOException {
    try (InputStream in = reports.open(name, file).orElseThrow()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void shouldListTheNewestFirstWithTheFilesThatAnAuditWrites() throws IOException {
    // Given
    Files.createDirectory(directory.resolve("empty"));
    Files.createDirectory(directory.resolve(".hidden"));
    // When, then
    assertThat(reports.all())
        .extracting(AuditReports.Report::name)
        .containsExactly("day-20", "day-19");
    assertThat(reports.find("day-20").orElseThrow().parts())
        .extracting(AuditReports.Part::name)
        .containsExactly("audit.html");
    assertThat(read("day-20", "audit.html")).contains("day-20");
    assertThat(reports.summary("day-20")).isEqualTo("day-20");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"..", ".", "", "/", "../audits/day-20", "day-20/", "day-20/..", "a\\b", "a\0b"})
  void shouldKnowNoNameThatLeadsElsewhere(String name) throws IOException {
    assertThat(reports.find(name)).isEmpty();
    assertThat(reports.open(name, "audit.html")).isEmpty();
    assertThat(reports.open("day-20", name)).isEmpty();
    assertThat(reports.open("day-20", name + "/../../secret")).isEmpty();
  }

  @Test
  void shouldHandOutNoOtherFile() throws IOException {
    assertThat(reports.open("day-20", "notes.txt")).isEmpty();
    assertThat(reports.open("day-20", "../../secret")).isEmpty();
    assertThat(reports.open("day-20", outer.resolve("secret").toString())).isEmpty();
  }

  @Test
  void shouldFollowNoSymbolicLink() throws IOException {
    // Given
    Path elsewhere = Files.createDirectory(outer.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("audit.html"), "a secret");
    Files.createSymbolicLink(directory.resolve("linked"), elsewhere);
    Files.createSymbolicLink(directory.resolve("day-20/cancels.parquet"), outer.resolve("secret"));
    Files.createDirectory(directory.resolve("day-20/differences.jsonl"));
    // When, then
    assertThat(reports.find("linked")).isEmpty();
    assertThat(reports.open("linked", "audit.html")).isEmpty();
    assertThat(reports.open("day-20", "cancels.parquet")).isEmpty();
    assertThat(reports.open("day-20", "differences.jsonl")).isEmpty();
    assertThat(reports.all()).hasSize(2);
  }

  @Test
  void shouldSayThatTheDirectoryCannotBeRead() {
    assertThatThrownBy(() -> new AuditReports(outer.resolve("none")).all())
        .isInstanceOf(IOException.class);
  }

  @Test
  void shouldGiveTheWordsAlone() {
    assertThat(
            AuditReports.words(
                "<!doctype html><html><head><title>t</title><style>p{}</style><script>a()</script></head><body>"
                    + "<div class=\"verdict good\"><b>All</b> holds</div><svg><text>1</text></svg>"
                    + "<table><tr><td>One</td><td>2 &lt; 3 &amp;lt;</td></tr></table>"))
        .isEqualTo("All holds\nOne  2 < 3 &lt;");
    assertThat(AuditReports.words("<style>never ends")).isEmpty();
    assertThat(AuditReports.words("a <b")).isEqualTo("a");
    assertThat(AuditReports.words("x".repeat(30_000))).hasSize(20_000);
  }
}
