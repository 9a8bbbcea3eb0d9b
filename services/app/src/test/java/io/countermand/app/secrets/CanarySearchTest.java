package io.countermand.app.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Base64;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Whether the search finds what is planted, and nothing else. */
class CanarySearchTest {

  private final Canary canary = new Canary();
  private final String plain = canary.secret("plain");
  private final String odd = canary.secret("odd", "\"\\+/&%~?>");

  @Test
  void shouldFindEachFormOfASecret() {
    for (Map.Entry<String, String> secret : canary.secrets().entrySet()) {
      Canary.written(secret.getValue())
          .forEach(
              (form, text) ->
                  assertThat(canary.search("a log", "before " + text + " after"))
                      .as(form)
                      .anyMatch(find -> find.secret().equals(secret.getKey())));
    }
  }

  @Test
  void shouldFindHalfASecret() {
    assertThat(canary.search("x", "word " + plain.substring(0, 17))).isNotEmpty();
    assertThat(canary.search("x", "word " + odd.substring(15))).isNotEmpty();
  }

  @Test
  void shouldFindASecretAcrossALineBreak() {
    String mime =
        Base64.getMimeEncoder(20, "\r\n  ".getBytes(UTF_8))
            .encodeToString(("user:" + odd).getBytes(UTF_8));

    assertThat(canary.search("x", plain.substring(0, 9) + "\n\t" + plain.substring(9)))
        .isNotEmpty();
    assertThat(canary.search("x", mime)).isNotEmpty();
  }

  @Test
  void shouldFindNothingInCleanText() throws Exception {
    assertThat(canary.search("x", "")).isEmpty();
    assertThat(canary.search("x", new Canary().secret("another's"))).isEmpty();
    assertThat(canary.search("x", plain.substring(0, 12) + " " + plain.substring(12, 20)))
        .as("a quarter and a quarter, but a blank between them is no difference")
        .isNotEmpty();
    assertThat(canary.search("x", plain.substring(0, 8) + "?" + plain.substring(9, 16))).isEmpty();
    for (Path source : Files.list(Path.of("src/test/java/io/countermand/app/secrets")).toList()) {
      assertThat(canary.search(source.toString(), Files.readAllBytes(source))).isEmpty();
    }
  }

  @Test
  void shouldFindASecretInAGzipFile(@TempDir Path dir) throws Exception {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(dir.resolve("a.gz")))) {
      out.write(("log line " + plain + "\n").getBytes(UTF_8));
    }

    assertThat(new Traces(canary).directory(dir).finds()).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void shouldFindASecretInABatchOfKafka(CompressionType type, @TempDir Path dir) throws Exception {
    String filler = "an order that was cancelled, ".repeat(50);
    MemoryRecords batch =
        MemoryRecords.withRecords(
            Compression.of(type).build(),
            new SimpleRecord(filler.getBytes(UTF_8), filler.getBytes(UTF_8)),
            new SimpleRecord("key".getBytes(UTF_8), (filler + odd + filler).getBytes(UTF_8)));
    Path segment = dir.resolve("00000000000000000000.log");
    try (FileRecords file = FileRecords.open(segment.toFile())) {
      file.append(batch);
    }

    Traces traces = new Traces(canary).directory(dir);

    assertThat(traces.records()).isEqualTo(2);
    assertThat(traces.finds())
        .anyMatch(find -> find.where().contains("offset 1 value") && find.secret().equals("odd"));
  }

  @Test
  void shouldFindASecretInAStore(@TempDir Path dir) throws RocksDBException, IOException {
    try (RocksDB store = RocksDB.open(dir.resolve("store").toString())) {
      store.put("key".getBytes(UTF_8), ("value " + plain).getBytes(UTF_8));
    }

    Traces traces = new Traces(canary).directory(dir);

    assertThat(traces.entries()).isEqualTo(1);
    assertThat(traces.finds()).anyMatch(find -> find.where().endsWith("CURRENT value"));
  }

  @Test
  void shouldFindASecretInParquet(@TempDir Path dir) throws Exception {
    Path file = dir.resolve("a.parquet");
    String filler = "an order that was cancelled, ".repeat(50);
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT '%s' AS name, encode('%s') AS content) TO '%s' (COMPRESSION zstd)"
              .formatted(filler + plain, filler + odd.replace("'", "''"), file));
    }

    Traces traces = new Traces(canary).directory(dir);

    assertThat(traces.searched()).containsEntry("a.parquet row", 2);
    assertThat(traces.finds())
        .filteredOn(find -> find.where().equals("a.parquet row"))
        .extracting(Canary.Find::secret)
        .contains("plain", "odd");
  }

  @Test
  void shouldNeverShowASecretItself() {
    var out = new ByteArrayOutputStream();
    canary
        .search("x", plain + odd)
        .forEach(find -> out.writeBytes(find.toString().getBytes(UTF_8)));

    assertThat(out.toString(UTF_8)).contains("plain", "odd");
    assertThat(canary.search("finds", out.toByteArray())).isEmpty();
  }
}
