package io.countermand.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;
import org.rocksdb.RateLimiter;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** With RocksDB itself: as many stores as desk and ledger have with 12 partitions. */
class BoundedStoresTest {

  private static final int STORES = 36;
  private static final int RECORDS = 3_500; // of 1 KiB: no store fills a buffer of its own

  private static final long WRITE_BUDGET = (32L << 20) + (1L << 20);
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final long SLOW_DISK_BYTES_PER_SECOND = 16L << 20;
  private static final byte[] NUDGE = "nudge".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;

  @Test
  void shouldHoldBackAllStoresTogether() throws Exception {
    // Given
    List<Options> options = new ArrayList<>();
    List<RocksDB> stores = new ArrayList<>();
    RocksDB.loadLibrary();
    try (var slowDisk = new RateLimiter(SLOW_DISK_BYTES_PER_SECOND)) {
      for (int i = 0; i < STORES; i++) {
        options.add(options(i).setRateLimiter(slowDisk));
        stores.add(RocksDB.open(options.get(i), directory.resolve("store-" + i).toString()));
      }
      // When
      byte[] value = new byte[1024];
      for (int i = 0; i < RECORDS; i++) {
        for (RocksDB store : stores) {
          store.put(("key-" + i).getBytes(StandardCharsets.UTF_8), value);
        }
      }
      // Then 123 MB were written; a slow disk falls behind, and all come down to their 32 after it
      awaitSettled(stores);
      for (RocksDB store : stores) {
        assertThat(store.get("key-7".getBytes(StandardCharsets.UTF_8))).isEqualTo(value);
      }
    } finally {
      stores.forEach(RocksDB::close);
      options.forEach(Options::close);
    }
  }

  private static Options options(int number) {
    var options = new Options().setCreateIfMissing(true);
    options.setCompressionType(CompressionType.NO_COMPRESSION); // as Kafka Streams sets it
    options.setTableFormatConfig(new BlockBasedTableConfig());
    new BoundedStores().setConfig("store-" + number, options, Map.of());
    return options;
  }

  /**
   * How long that takes is the disk's affair, not the rule's. A store asks whether it must write to
   * disk when it is written to, and not while it is at it already: without a write nothing settles.
   */
  private static void awaitSettled(List<RocksDB> stores) {
    Awaitility.await("unflushed bytes of all stores")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              for (RocksDB store : stores) {
                store.put(NUDGE, NUDGE);
              }
              return unflushed(stores);
            },
            bytes -> bytes < WRITE_BUDGET);
  }

  private static long unflushed(List<RocksDB> stores) throws RocksDBException {
    long bytes = 0;
    for (RocksDB store : stores) {
      bytes += store.getLongProperty("rocksdb.cur-size-all-mem-tables");
    }
    return bytes;
  }
}
