package io.countermand.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.audit.source.AuditException;
import io.countermand.audit.source.AuditRules;
import io.countermand.audit.source.DuckDb;
import io.countermand.audit.source.KafkaSource;
import io.countermand.audit.source.Manifest;
import io.countermand.audit.source.Range;
import io.countermand.audit.source.RecordSource;
import io.countermand.audit.source.WorkDir;
import io.countermand.kafka.KafkaConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * {@code countermand archive}: what an audit of the range would read, as Parquet by topic and day,
 * so that the audit can be made without the topics.
 */
public final class Archive {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final RecordSource source;
  private final DuckDb duck;
  private final Path directory;
  private final Audit.Progress progress;
  private final List<Manifest.File> files = new ArrayList<>();
  private final Map<String, List<Manifest.Part>> topics = new TreeMap<>();
  private final Set<Integer> schemas = new TreeSet<>();
  private long done;

  /**
   * What was made.
   *
   * @param sha256 of its manifest, which covers all of it
   */
  public record Written(long records, int files, String sha256) {}

  private Archive(RecordSource source, DuckDb duck, Path directory, Audit.Progress progress) {
    this.source = source;
    this.duck = duck;
    this.directory = directory;
    this.progress = progress;
  }

  /**
   * @param rules in force, kept with the records
   * @param from null: from the first record
   * @param to null: now
   * @param out a new directory, which is there only when it is whole
   * @param line hears what was made
   * @throws IllegalArgumentException for a range or topics that are not there
   */
  public static Written write(
      KafkaConnection connection,
      AuditRules rules,
      @Nullable Instant from,
      @Nullable Instant to,
      Duration margin,
      Path out,
      int memoryMiB,
      Audit.Progress progress,
      Consumer<String> line)
      throws IOException {
    try (RecordSource source = new KafkaSource(connection)) {
      return write(source, rules, from, to, margin, out, memoryMiB, progress, line);
    }
  }

  static Written write(
      RecordSource source,
      AuditRules rules,
      @Nullable Instant from,
      @Nullable Instant to,
      Duration margin,
      Path out,
      int memoryMiB,
      Audit.Progress progress,
      Consumer<String> line)
      throws IOException {
    Range range = new Range(source, from, to, margin);
    try (var work = WorkDir.beside(out);
        var duck = new DuckDb(work.spill(), memoryMiB, 2)) {
      var archive = new Archive(source, duck, work.report(), progress);
      for (String topic : range.topics) {
        archive.topic(topic, range);
      }
      Map<Integer, String> texts = new TreeMap<>();
      archive.schemas.forEach(
          id -> source.serdes().schema(id).ifPresent(text -> texts.put(id, text)));
      String hash =
          new Manifest(
                  Manifest.VERSION,
                  source.name(),
                  from == null ? null : from.toString(),
                  range.to.toString(),
                  margin.toString(),
                  range.horizon.toString(),
                  archive.topics,
                  archive.files,
                  texts,
                  Manifest.KeptRules.of(rules))
              .write(work.report());
      work.move(out);
      line.accept(
          "%,d records in %d files, archived in %s"
              .formatted(archive.done, archive.files.size(), out));
      line.accept("SHA-256 of its manifest, which covers all of it: " + hash);
      return new Written(archive.done, archive.files.size(), hash);
    } catch (SQLException | IOException e) {
      throw new AuditException("the archive cannot be written: " + e.getMessage(), e);
    }
  }

  private void topic(String topic, Range range) throws SQLException, IOException {
    DuckDBConnection connection = duck.first();
    DuckDb.run(
        connection,
        "CREATE TABLE a (\"partition\" INTEGER, \"offset\" BIGINT, \"timestamp\" TIMESTAMP,"
            + " timestamp_type VARCHAR, key BLOB, value BLOB, headers VARCHAR)");
    List<Manifest.Part> parts = new ArrayList<>();
    try (DuckDBAppender rows = connection.createAppender(DuckDBConnection.DEFAULT_SCHEMA, "a")) {
      for (Range.Part part : new TreeMap<>(range.parts(topic)).values()) {
        parts.add(new Manifest.Part(part.partition(), part.kept(), part.from(), part.to()));
        source.read(
            topic,
            part.partition(),
            part.from(),
            part.to(),
            record -> {
              add(rows, record);
              if ((++done & 0x3fff) == 0) {
                progress.accept(done, range.records());
              }
            });
      }
    }
    topics.put(topic, parts);
    Files.createDirectories(directory.resolve(topic));
    List<String> days = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT DISTINCT CAST(CAST(\"timestamp\" AS DATE) AS VARCHAR) FROM a ORDER BY 1")) {
      while (rows.next()) {
        days.add(rows.getString(1));
      }
    }
    for (String day : days) {
      day(topic, day, connection);
    }
    DuckDb.run(connection, "DROP TABLE a");
  }

  private void day(String topic, String day, DuckDBConnection connection)
      throws SQLException, IOException {
    Path file = directory.resolve(topic).resolve(day + ".parquet");
    String of = " FROM a WHERE CAST(\"timestamp\" AS DATE) = DATE " + DuckDb.text(day);
    DuckDb.run(
        connection,
        "COPY (SELECT *"
            + of
            + " ORDER BY \"partition\", \"offset\") TO "
            + DuckDb.text(file.toString())
            + " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20000)");
    long records;
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*)" + of)) {
      records = rows.next() ? rows.getLong(1) : 0;
    }
    files.add(
        new Manifest.File(
            topic + "/" + file.getFileName(),
            topic,
            day,
            records,
            Files.size(file),
            Manifest.hash(file)));
  }

  private void add(DuckDBAppender rows, ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    if (value != null && value.length >= 5 && value[0] == 0) {
      schemas.add(ByteBuffer.wrap(value, 1, 4).getInt());
    }
    try {
      rows.beginRow();
      rows.append(record.partition()).append(record.offset());
      rows.appendEpochMicros(record.timestamp() * 1000);
      rows.append(record.timestampType().name());
      blob(rows, record.key());
      blob(rows, value);
      rows.append(headers(record));
      rows.endRow();
    } catch (SQLException | IOException e) {
      throw new AuditException("records cannot be kept: " + e.getMessage(), e);
    }
  }

  private static void blob(DuckDBAppender rows, byte @Nullable [] bytes) throws SQLException {
    if (bytes == null) {
      rows.appendNull();
    } else {
      rows.append(bytes);
    }
  }

  /** As JSON: [["key", "value in base64 or null"], …]; null: none. */
  private static @Nullable String headers(ConsumerRecord<byte[], byte[]> record)
      throws IOException {
    List<List<@Nullable String>> all = new ArrayList<>();
    for (Header header : record.headers()) {
      List<@Nullable String> one = new ArrayList<>();
      one.add(header.key());
      one.add(header.value() == null ? null : Base64.getEncoder().encodeToString(header.value()));
      all.add(one);
    }
    return all.isEmpty() ? null : JSON.writeValueAsString(all);
  }
}
