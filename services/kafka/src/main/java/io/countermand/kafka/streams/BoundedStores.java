package io.countermand.kafka.streams;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * One budget of native memory for all stores of a process, however many partitions it has. By
 * default each store of each partition may take 50 MB of cache and 48 MB of write buffers: with 12
 * partitions and our nine stores of each that is more than 10 GB beside the heap.
 *
 * <p>Kafka Streams makes an instance per store; thread-safe. Source: Kafka Streams, "Memory
 * management", RocksDB.
 */
public final class BoundedStores implements RocksDBConfigSetter {

  /** Blocks read, their indexes and filters, and the write buffers, which count in it. */
  private static final long CACHE_BYTES = 64L << 20;

  /** Of it for what is not on disk yet; when they are full, the fullest is written. */
  private static final long WRITE_BYTES = 32L << 20;

  /** A store takes an eighth of it at once, however little it has to write. */
  private static final long WRITE_BUFFER_BYTES = 4L << 20;

  private static final double FOR_INDEXES = 0.2;

  /** Kept for as long as the process lives: stores come and go with their partitions. */
  private static final class Shared {
    static final Cache CACHE;
    static final WriteBufferManager BUFFERS;

    static {
      RocksDB.loadLibrary();
      CACHE = new LRUCache(CACHE_BYTES, -1, false, FOR_INDEXES);
      BUFFERS = new WriteBufferManager(WRITE_BYTES, CACHE);
    }
  }

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    var table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(Shared.CACHE);
    table.setCacheIndexAndFilterBlocks(true);
    table.setCacheIndexAndFilterBlocksWithHighPriority(true);
    table.setPinTopLevelIndexAndFilter(true);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(Shared.BUFFERS);
    options.setWriteBufferSize(WRITE_BUFFER_BYTES);
    options.setMaxWriteBufferNumber(2);
  }

  @Override
  public void close(String storeName, Options options) {
    // The shared parts are not this store's to close.
  }
}
