package io.countermand.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.app.pipeline.PipelineAccess.Stack;
import io.countermand.audit.report.AuditResult;
import io.countermand.audit.source.ArchiveSource;
import io.countermand.audit.source.AuditException;
import io.countermand.audit.source.Manifest;
import io.countermand.audit.source.RecordSource;
import io.countermand.audit.source.StoredRecord;
import io.countermand.platform.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An archive proves what the topics prove, and that it is whole. */
@Tag("pipeline")
@Tag("front") // infra/compose/ci
@ExtendWith(PipelineAccess.class)
class ArchiveTest {

  private final Stack stack;

  @TempDir private Path directory = Path.of(".");
  private Path archive = Path.of(".");
  private MemorySource history;

  ArchiveTest(Stack stack) throws Exception {
    this.stack = stack;
    this.history = Recorded.history(stack, stack.rules());
  }

  @BeforeEach
  void archive() throws IOException {
    archive = directory.resolve("archive");
    Archive.write(
        history,
        stack.rules(),
        null,
        null,
        Duration.ofMinutes(30),
        archive,
        256,
        (done, all) -> {},
        line -> {});
  }

  @Test
  void shouldGiveTheSameResultAsTheTopics() throws Exception {
    // Given
    AuditResult topics = Recorded.audit(history, stack.rules());
    // When
    AuditResult kept;
    try (var source = new ArchiveSource(archive)) {
      kept = Recorded.audit(source, source.manifest().rules().rules());
    }
    // Then
    assertThat(kept.findings().counts).isEqualTo(topics.findings().counts);
    assertThat(kept.findings().differences).isEqualTo(topics.findings().differences);
    assertThat(kept.findings().derived).isEqualTo(topics.findings().derived);
    assertThat(kept.records()).isEqualTo(topics.records());
    assertThat(kept.bytes()).isEqualTo(topics.bytes());
  }

  @Test
  void shouldKeepEachRecordAsItWas() throws Exception {
    // When
    List<String> kept = new ArrayList<>();
    List<String> topics = new ArrayList<>();
    try (var source = new ArchiveSource(archive)) {
      source.topics().stream().sorted().forEach(topics::add);
      kept.addAll(prints(source, topics));
    }
    // Then: an archive has what an audit reads, which is not all that there is
    assertThat(topics)
        .contains(
            Topics.INTENTS,
            Topics.PROGRESS,
            Topics.OUTCOMES,
            Topics.ORDER_EVENTS,
            Topics.ORDER_STATES);
    assertThat(kept).isEqualTo(prints(history, topics));
  }

  private static List<String> prints(RecordSource source, List<String> topics) {
    List<String> prints = new ArrayList<>();
    for (String topic : topics) {
      for (RecordSource.Span span : source.spans(topic)) {
        source.read(
            topic,
            span.partition(),
            span.first(),
            span.end(),
            r ->
                prints.add(
                    "%s-%d@%d %s %x"
                        .formatted(
                            topic,
                            r.partition(),
                            r.offset(),
                            r.timestampType(),
                            StoredRecord.print(r.key(), r.value(), r.timestamp(), r.headers()))));
      }
    }
    return prints;
  }

  @Test
  void shouldFindAChangedByte() throws IOException {
    // Given
    Path file = parquet();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    // Then
    assertThatThrownBy(() -> new ArchiveSource(archive))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining(file.getFileName().toString())
        .hasMessageContaining("changed");
  }

  @Test
  void shouldFindAnArchiveThatWasWrittenAnew() throws IOException {
    // Given
    String kept = Files.readString(archive.resolve(Manifest.HASH)).strip().split(" ", 2)[0];
    try (var same = new ArchiveSource(archive, kept.toUpperCase(Locale.ROOT))) {
      assertThat(same.topics()).isNotEmpty();
    }
    // When somebody writes another manifest, and the hash that fits it
    Manifest other = Manifest.read(archive, null);
    new Manifest(
            other.version(),
            "another source",
            other.from(),
            other.to(),
            other.margin(),
            other.asOf(),
            other.topics(),
            other.files(),
            other.schemas(),
            other.rules())
        .write(archive);
    // Then
    assertThatThrownBy(() -> new ArchiveSource(archive, kept))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining("not the one that was kept");
  }

  @Test
  void shouldFindAMissingFile() throws IOException {
    // Given
    Path file = parquet();
    Files.delete(file);
    // Then
    assertThatThrownBy(() -> new ArchiveSource(archive))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining(file.getFileName().toString())
        .hasMessageContaining("missing");
  }

  @Test
  void shouldFindAChangedManifest() throws IOException {
    // Given
    Path manifest = archive.resolve(Manifest.NAME);
    Files.writeString(manifest, Files.readString(manifest).replace("\"to\"", "\"to\" "));
    // Then
    assertThatThrownBy(() -> new ArchiveSource(archive)).hasMessageContaining("changed");
  }

  private Path parquet() throws IOException {
    try (Stream<Path> files = Files.walk(archive)) {
      return files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
  }
}
