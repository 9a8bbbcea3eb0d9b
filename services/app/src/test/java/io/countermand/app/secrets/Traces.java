package io.countermand.app.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.countermand.app.secrets.Canary.Find;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Blob;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * What a run leaves on disk, searched for a canary: every file as it is; besides, gzip and zip
 * unpacked, the records of Kafka's segments out of their batches, the stores of Kafka Streams by
 * their keys and values, Parquet by its rows. Not thread-safe.
 */
public final class Traces {

  private final Canary canary;
  private final List<Find> finds = new ArrayList<>();
  private final Map<String, Integer> searched = new TreeMap<>();
  private int files;
  private int records;
  private int entries;

  public Traces(Canary canary) {
    this.canary = canary;
  }

  /** All below it. Files that go meanwhile are not there any more. */
  public Traces directory(Path root) throws IOException {
    List<Path> found;
    try (Stream<Path> walk = Files.walk(root)) {
      found = walk.filter(each -> Files.isRegularFile(each)).sorted().toList();
    }
    for (Path file : found) {
      file(root, file);
    }
    return this;
  }

  private void file(Path root, Path file) throws IOException {
    String where = root.relativize(file).toString();
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      if (Files.exists(file)) {
        throw e;
      }
      return;
    }
    files++;
    text(where, bytes);
    String name = file.getFileName().toString();
    if (name.endsWith(".log") && name.matches("\\d{20}\\.log")) {
      segment(where, file);
    } else if (name.endsWith(".zip") || name.endsWith(".jar")) {
      zip(where, file);
    } else if (name.endsWith(".parquet")) {
      rows(where, file);
    } else if (name.equals("CURRENT")) {
      store(where, file.getParent());
    }
  }

  /** Anything, under a name. */
  public Traces text(String where, byte[] bytes) {
    searched.merge(where, 1, Integer::sum);
    finds.addAll(canary.search(where, bytes));
    return this;
  }

  private void segment(String where, Path file) throws IOException {
    try (FileRecords segment = FileRecords.open(file.toFile(), false)) {
      for (RecordBatch batch : segment.batches()) {
        for (Record record : batch) {
          records++;
          String at = where + " offset " + record.offset();
          value(at + " key", record.key());
          value(at + " value", record.value());
          for (Header header : record.headers()) {
            text(at + " header", header.key().getBytes(UTF_8));
            value(at + " header", header.value() == null ? null : ByteBuffer.wrap(header.value()));
          }
        }
      }
    }
  }

  private void value(String where, ByteBuffer bytes) {
    if (bytes != null) {
      byte[] all = new byte[bytes.remaining()];
      bytes.duplicate().get(all);
      text(where, all);
    }
  }

  private void zip(String where, Path file) throws IOException {
    try (var in = new ZipInputStream(Files.newInputStream(file))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        text(where + "!" + entry.getName(), in.readAllBytes());
      }
    }
  }

  /** Its pages are packed. */
  private void rows(String where, Path file) throws IOException {
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT * FROM read_parquet('%s')".formatted(file.toString().replace("'", "''")))) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        for (int i = 1; i <= columns; i++) {
          Object cell = rows.getObject(i);
          byte[] bytes =
              cell instanceof Blob blob
                  ? blob.getBytes(1, (int) blob.length())
                  : String.valueOf(cell).getBytes(UTF_8);
          text(where + " row", bytes);
        }
      }
    } catch (SQLException e) {
      throw new IOException("cannot read the rows of " + where, e);
    }
  }

  /** Only of a process that has closed it. */
  private void store(String where, Path directory) {
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try (var options = new Options();
        var open = new DBOptions()) {
      List<ColumnFamilyDescriptor> families =
          RocksDB.listColumnFamilies(options, directory.toString()).stream()
              .map(ColumnFamilyDescriptor::new)
              .toList();
      try (RocksDB store = RocksDB.openReadOnly(open, directory.toString(), families, handles)) {
        for (ColumnFamilyHandle handle : handles) {
          try (RocksIterator each = store.newIterator(handle)) {
            for (each.seekToFirst(); each.isValid(); each.next()) {
              entries++;
              text(where + " key", each.key());
              text(where + " value", each.value());
            }
          }
        }
      }
    } catch (RocksDBException e) {
      throw new IllegalStateException("cannot read the store at " + where, e);
    }
  }

  public List<Find> finds() {
    return finds.stream().distinct().toList();
  }

  /** How often something was searched under each name. */
  public Map<String, Integer> searched() {
    return new TreeMap<>(searched);
  }

  public int files() {
    return files;
  }

  /** Of Kafka's segments. */
  public int records() {
    return records;
  }

  /** Of stores. */
  public int entries() {
    return entries;
  }
}
