package io.countermand.audit.source;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.events.serde.EventSerdes;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** What {@code Archive} wrote; every byte is compared with the manifest when it is opened. */
public final class ArchiveSource implements RecordSource {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MEMORY_MIB = 256;

  private final Path directory;
  private final Manifest manifest;
  private final WorkDir work;
  private final DuckDb duck;
  private final EventSerdes serdes;

  /**
   * @throws AuditException if it is not whole
   */
  public ArchiveSource(Path directory) throws IOException {
    this(directory, null);
  }

  /**
   * @param kept the manifest's SHA-256, as somebody kept it; null: nobody did
   * @throws AuditException if it is not whole, or another
   */
  public ArchiveSource(Path directory, @Nullable String kept) throws IOException {
    this.directory = directory;
    this.manifest = Manifest.read(directory, kept);
    this.work = WorkDir.beside(null);
    this.duck = new DuckDb(work.spill(), MEMORY_MIB, 2);
    this.serdes = EventSerdes.ofSchemas(manifest.schemas());
  }

  public Manifest manifest() {
    return manifest;
  }

  @Override
  public String name() {
    return "the archive " + directory;
  }

  @Override
  public Set<String> topics() {
    return manifest.topics().keySet();
  }

  @Override
  public List<Span> spans(String topic) {
    return manifest.topics().getOrDefault(topic, List.of()).stream()
        .map(part -> new Span(part.partition(), part.kept(), part.from(), part.to()))
        .toList();
  }

  @Override
  public long offsetAt(String topic, Span span, Instant time) {
    if (!time.isAfter(Instant.EPOCH)) {
      return span.first();
    }
    String files = files(topic);
    if (files.isEmpty()) {
      return span.end();
    }
    try (DuckDBConnection connection = duck.connection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT min(\"offset\") FROM read_parquet(["
                    + files
                    + "]) WHERE \"partition\" = "
                    + span.partition()
                    + " AND epoch_ms(\"timestamp\") >= "
                    + time.toEpochMilli())) {
      if (!rows.next()) {
        return span.end();
      }
      long first = rows.getLong(1);
      return rows.wasNull() ? span.end() : first;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  @Override
  public void read(
      String topic,
      int partition,
      long from,
      long to,
      Consumer<ConsumerRecord<byte[], byte[]>> each) {
    String files = files(topic);
    if (files.isEmpty() || from >= to) {
      return;
    }
    String sql =
        "SELECT \"offset\", epoch_ms(\"timestamp\"), timestamp_type, key, value, headers"
            + " FROM read_parquet([%s]) WHERE \"partition\" = %d AND \"offset\" >= %d"
                .formatted(files, partition, from)
            + " AND \"offset\" < "
            + to
            + " ORDER BY \"offset\"";
    try (DuckDBConnection connection = duck.connection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        byte[] key = rows.getBytes(4);
        byte[] value = rows.getBytes(5);
        each.accept(
            new ConsumerRecord<>(
                topic,
                partition,
                rows.getLong(1),
                rows.getLong(2),
                TimestampType.valueOf(rows.getString(3)),
                key == null ? -1 : key.length,
                value == null ? -1 : value.length,
                key,
                value,
                headers(rows.getString(6)),
                Optional.empty()));
      }
    } catch (SQLException | IOException e) {
      throw failed(e);
    }
  }

  private String files(String topic) {
    return String.join(
        ", ",
        manifest.files().stream()
            .filter(file -> file.topic().equals(topic))
            .map(file -> DuckDb.text(directory.resolve(file.path()).toString()))
            .toList());
  }

  private static RecordHeaders headers(@Nullable String json) throws IOException {
    var headers = new RecordHeaders();
    if (json != null) {
      for (List<String> one : JSON.readValue(json, new TypeReference<List<List<String>>>() {})) {
        String value = one.get(1);
        headers.add(one.get(0), value == null ? null : Base64.getDecoder().decode(value));
      }
    }
    return headers;
  }

  private AuditException failed(Exception e) {
    return new AuditException(name() + " cannot be read: " + e.getMessage(), e);
  }

  @Override
  public EventSerdes serdes() {
    return serdes;
  }

  @Override
  public Instant asOf() {
    return Instant.parse(manifest.asOf());
  }

  @Override
  public void close() {
    serdes.close();
    duck.close();
    work.close();
  }
}
