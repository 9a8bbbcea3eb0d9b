package io.countermand.audit.source;

import io.countermand.domain.order.Evidence;
import io.countermand.kafka.Placement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** A table of records that come out by key, topic and offset. One thread. */
public final class StagingTable implements AutoCloseable {

  private static final String COLUMNS =
      "(h BIGINT, t SMALLINT, p INTEGER, o BIGINT, ts BIGINT, k BLOB, v BLOB, f BIGINT, m BOOLEAN)";

  private final DuckDBConnection connection;
  private final String table;
  private final Placement placement;
  private final DuckDBAppender appender;
  long rows;

  public StagingTable(DuckDBConnection connection, String table, Placement placement)
      throws SQLException {
    this.connection = connection;
    this.table = table;
    this.placement = placement;
    DuckDb.run(connection, "CREATE TABLE " + table + COLUMNS);
    appender = connection.createAppender(DuckDBConnection.DEFAULT_SCHEMA, table);
  }

  public void add(int topic, ConsumerRecord<byte[], byte[]> record, long hash) throws SQLException {
    appender.beginRow();
    appender.append(hash).append((short) topic).append(record.partition());
    appender.append(record.offset()).append(record.timestamp());
    blob(record.key());
    blob(record.value());
    appender
        .append(
            StoredRecord.print(record.key(), record.value(), record.timestamp(), record.headers()))
        .append(spent(record));
    appender.endRow();
    rows++;
  }

  private boolean spent(ConsumerRecord<byte[], byte[]> record) {
    var at = new Evidence(record.topic(), record.partition(), record.offset());
    return placement.moves(record.headers(), at).size() == Placement.MOST_MOVES;
  }

  private void blob(byte @Nullable [] bytes) throws SQLException {
    if (bytes == null) {
      appender.appendNull();
    } else {
      appender.append(bytes);
    }
  }

  /** No more rows are added. */
  public void seal() throws SQLException {
    appender.close();
  }

  /**
   * All rows, by key, topic and offset.
   *
   * @param topics by the numbers that the rows were added with
   */
  public void sorted(List<String> topics, Consumer<StoredRecord> each) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT t, p, o, ts, k, v, f, m FROM " + table + " ORDER BY h, k, t, o")) {
      while (rows.next()) {
        each.accept(
            new StoredRecord(
                topics.get(rows.getShort(1)),
                rows.getInt(2),
                rows.getLong(3),
                rows.getLong(4),
                bytes(rows, 5),
                bytes(rows, 6),
                rows.getLong(7),
                rows.getBoolean(8)));
      }
    }
  }

  static byte @Nullable [] bytes(ResultSet rows, int column) throws SQLException {
    return rows.getBytes(column);
  }

  public void drop() throws SQLException {
    DuckDb.run(connection, "DROP TABLE " + table);
  }

  @Override
  public void close() throws SQLException {
    appender.close();
  }
}
