package io.countermand.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** With RocksDB itself: as many stores as gate and ledger have with 12 partitions. */
class BoundedStoresTest {

  private static final int STORES = 36;
  private static final int RECORDS = 3_500; // of 1 KiB: no store fills a buffer of its own

  @TempDir Path directory;

  @Test
  void shouldHoldBackAllStoresTogether() throws Exception {
    // Given
    List<Options> options = new ArrayList<>();
    List<RocksDB> stores = new ArrayList<>();
    try {
      for (int i = 0; i < STORES; i++) {
        options.add(options(i));
        stores.add(RocksDB.open(options.get(i), directory.resolve("store-" + i).toString()));
      }
      // When
      byte[] value = new byte[1024];
      for (int i = 0; i < RECORDS; i++) {
        for (RocksDB store : stores) {
          store.put(("key-" + i).getBytes(StandardCharsets.UTF_8), value);
        }
      }
      // Then 123 MB were written, and all together keep to their 32, but for what is being flushed
      assertThat(unflushed(stores)).isLessThan(56L << 20);
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
    options.setTableFormatConfig(new BlockBasedTableConfig());
    new BoundedStores().setConfig("store-" + number, options, Map.of());
    return options;
  }

  private static long unflushed(List<RocksDB> stores) throws RocksDBException {
    long bytes = 0;
    for (RocksDB store : stores) {
      bytes += store.getLongProperty("rocksdb.cur-size-all-mem-tables");
    }
    return bytes;
  }
}
