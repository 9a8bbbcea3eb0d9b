package io.countermand.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.app.pipeline.PipelineAccess.Stack;
import io.countermand.audit.source.RecordSource;
import io.countermand.audit.story.Story;
import io.countermand.audit.story.StoryLine;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an audit writes for people, and what it says when it cannot. */
@Tag("pipeline")
@ExtendWith(PipelineAccess.class)
class ReportTest {

  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

  private final Stack stack;
  private final MemorySource history;

  @TempDir private Path directory = Path.of(".");

  ReportTest(Stack stack) throws Exception {
    this.stack = stack;
    this.history = Recorded.history(stack, stack.rules());
  }

  @Test
  void shouldWriteEachCancelAndNothingThatIsLoaded() throws Exception {
    // Given
    Path out = directory.resolve("report");
    // When
    int code = Audit.run(history, stack.rules(), options(out, null, null), line -> {});
    // Then
    assertThat(code).isZero();
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT count(*), count(result), count(sent_at) FROM '"
                    + out.resolve("cancels.parquet")
                    + "'")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getLong(1)).isPositive().isEqualTo(rows.getLong(2));
      assertThat(rows.getLong(3)).isPositive();
    }
    String html = Files.readString(out.resolve("audit.html"));
    assertThat(html).contains("All promises hold.").contains("default-src 'none'");
    assertThat(html.replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http:", "@import", "url(")
        .doesNotContainPattern("<[^>]*\\ssrc="); // in a tag: another test's venue has it for a name
    assertThat(Files.list(directory)).containsExactly(out);
  }

  @Test
  @Tag("long")
  void shouldDrawItsChartsInABrowser() throws Exception {
    assumeTrue(Files.isExecutable(CHROMIUM), "no chromium here");
    // Given
    Path out = directory.resolve("report");
    var _ = Audit.run(history, stack.rules(), options(out, null, null), line -> {});
    Path picture = directory.resolve("picture.png");
    Path log = directory.resolve("chromium.log");
    // When
    Process process =
        new ProcessBuilder(
                CHROMIUM.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--enable-logging=stderr",
                "--user-data-dir=" + directory.resolve("profile"),
                "--window-size=1000,2000",
                "--screenshot=" + picture,
                out.resolve("audit.html").toUri().toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(process.waitFor(150, TimeUnit.SECONDS)).isTrue();
    // Then
    assertThat(Files.readString(log)).doesNotContain("CONSOLE");
    BufferedImage image = ImageIO.read(picture.toFile());
    assertThat(pixels(image, 0x3a6ea5)).as("bars of the latencies").isGreaterThan(2000);
    assertThat(pixels(image, 0x1b7f5c)).as("cancels over time").isGreaterThan(300);
    assertThat(pixels(image, 0x5b7fb5)).as("rejected ones").isGreaterThan(50);
  }

  private static long pixels(BufferedImage image, int color) {
    long count = 0;
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        count += (image.getRGB(x, y) & 0xffffff) == color ? 1 : 0;
      }
    }
    return count;
  }

  @Test
  void shouldRefuseAnEmptyRange() {
    Instant now = Instant.now();
    assertThatThrownBy(
            () ->
                Audit.run(
                    history, stack.rules(), options(null, now, now.minusSeconds(1)), line -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nothing to audit");
  }

  @Test
  void shouldNameAMissingTopic() {
    // Given
    MemorySource without = history.copy();
    without.forget("cancel-outcomes");
    // Then
    assertThatThrownBy(
            () -> Audit.run(without, stack.rules(), options(null, null, null), line -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cancel-outcomes");
  }

  @Test
  void shouldNotWriteOverSomethingElse() throws IOException {
    // Given
    Path out = Files.createDirectory(directory.resolve("mine"));
    Files.writeString(out.resolve("letter.txt"), "dear");
    // Then
    assertThatThrownBy(
            () -> Audit.run(history, stack.rules(), options(out, null, null), line -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is there already");
  }

  @Test
  void shouldLeaveNothingThatLooksWhole() {
    // Given
    MemorySource broken = history.copy();
    broken.failAt("cancel-outcomes");
    Path out = directory.resolve("report");
    // Then
    assertThatThrownBy(() -> Audit.run(broken, stack.rules(), options(out, null, null), l -> {}))
        .hasMessageContaining("No space left");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void shouldTellTheStoryOfACancel() {
    // Given
    List<String> ids = new ArrayList<>();
    for (RecordSource.Span span : history.spans("cancel-outcomes")) {
      history.read(
          "cancel-outcomes",
          span.partition(),
          0,
          Long.MAX_VALUE,
          r -> ids.add(new String(r.key(), StandardCharsets.UTF_8)));
    }
    // When
    List<StoryLine> lines = Story.lines(history, ids.getFirst(), null, null);
    // Then
    assertThat(lines).extracting(StoryLine::what).contains("intent", "outcome");
    assertThat(lines).isSortedAccordingTo(Comparator.comparing(StoryLine::at));
  }

  private static Audit.Options options(Path out, Instant from, Instant to) {
    return new Audit.Options(
        from, to, Duration.ofMinutes(30), Audit.Only.ALL, out, 2, 256, false, (done, all) -> {});
  }
}
