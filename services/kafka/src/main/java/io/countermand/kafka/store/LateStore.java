package io.countermand.kafka.store;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * A store that keeps what changed since the last commit as objects. Each is encoded and written,
 * also to the changelog, once, when its task commits. A cancel's page changes half a dozen times
 * within one commit.
 *
 * <p>In the place of Kafka Streams' own cache, which wants bytes at each change, and of which each
 * entry holds the whole record that it came from (Kafka Streams 4.3, {@code
 * ProcessorRecordContext.sourceRawValue}): two of 10 MB by their own count took 30 MB of the heap,
 * and grew old there.
 *
 * <p>For the task's own thread only.
 */
public final class LateStore
    extends WrappedStateStore<KeyValueStore<String, byte[]>, String, byte[]>
    implements KeyValueStore<String, byte[]> {

  /** Of more changes than that the eldest is written before the commit: a million must fit. */
  static final int MOST = 5_000;

  /** What is to be written at a key; without a value: that it is to be deleted. */
  record Change(@Nullable Object value, Function<Object, byte[]> encoder) {

    byte @Nullable [] bytes() {
      return value == null ? null : encoder.apply(value);
    }
  }

  /** The one that changed last at the end. */
  private final Map<String, Change> changes = new LinkedHashMap<>();

  private @Nullable StateStoreContext context;
  private long flushed;

  private LateStore(KeyValueStore<String, byte[]> written) {
    super(written);
  }

  /** A store on disk with a changelog. */
  public static StoreBuilder<KeyValueStore<String, byte[]>> builder(String name) {
    return new Builder(
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
            .withCachingDisabled());
  }

  /**
   * The one that a processor was given by its context.
   *
   * @throws IllegalArgumentException if it was not made by {@link #builder}
   */
  public static LateStore of(StateStore given) {
    StateStore store = given;
    while (!(store instanceof LateStore)) {
      if (!(store instanceof WrappedStateStore<?, ?, ?> wrapper)) {
        throw new IllegalArgumentException(given.name() + " is not written late");
      }
      store = wrapper.wrapped();
    }
    return (LateStore) store;
  }

  /**
   * The object at a key.
   *
   * @param decoder of what is written; not asked for what changed since the last commit
   * @return null: there is none
   */
  public <V> @Nullable V get(String key, Class<V> type, Function<byte[], V> decoder) {
    Change change = changes.get(key);
    if (change != null && type.isInstance(change.value())) {
      return type.cast(change.value());
    }
    byte[] bytes = change == null ? wrapped().get(key) : change.bytes();
    return bytes == null ? null : decoder.apply(bytes);
  }

  /**
   * @param value never changes
   * @param encoder asked when the task commits, or sooner; must not fail: without bytes for a row
   *     the task cannot commit
   */
  public <V> void put(String key, Class<V> type, V value, Function<V, byte[]> encoder) {
    change(key, new Change(value, object -> encoder.apply(type.cast(object))));
  }

  @Override
  public void put(String key, byte @Nullable [] value) {
    change(key, new Change(value, byte[].class::cast));
  }

  private void change(String key, Change change) {
    Change before = changes.remove(key);
    if (before == null && changes.size() >= MOST) {
      Map.Entry<String, Change> eldest = changes.entrySet().iterator().next();
      write(eldest.getKey(), eldest.getValue()); // if it fails, nothing has changed
      changes.remove(eldest.getKey());
    }
    changes.put(key, change);
  }

  private void write() {
    changes.forEach(this::write);
    changes.clear();
  }

  private void write(String key, Change change) {
    byte[] bytes;
    try {
      bytes = change.bytes();
    } catch (RuntimeException e) { // must not be taken for a fault of the record that is read now
      throw new StreamsException("the row of " + key + " in " + name() + " has no bytes", e);
    }
    wrapped().put(key, bytes);
  }

  @Override
  public byte @Nullable [] get(String key) {
    Change change = changes.get(key);
    return change == null ? wrapped().get(key) : change.bytes();
  }

  @Override
  public byte @Nullable [] putIfAbsent(String key, byte[] value) {
    byte[] known = get(key);
    if (known == null) {
      put(key, value);
    }
    return known;
  }

  @Override
  public void putAll(List<KeyValue<String, byte[]>> entries) {
    entries.forEach(entry -> put(entry.key, entry.value));
  }

  @Override
  public byte @Nullable [] delete(String key) {
    byte[] known = get(key);
    put(key, null);
    return known;
  }

  /** What was written, and over it what changed since, as it is now. */
  @Override
  public KeyValueIterator<String, byte[]> range(@Nullable String from, @Nullable String to) {
    return new ChangedRange(wrapped().range(from, to), from, to, Map.copyOf(changes));
  }

  @Override
  public KeyValueIterator<String, byte[]> all() {
    return range(null, null);
  }

  /** Of those that are written. */
  @Override
  public long approximateNumEntries() {
    return wrapped().approximateNumEntries();
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    changes.clear();
    this.context = context;
    super.init(context, root);
  }

  /** Before a commit: what the task wrote is flushed behind it. */
  @Override
  public void flushCache() {
    write();
    long now = System.nanoTime();
    flushed = now == 0 ? 1 : now;
  }

  /**
   * When all that had changed was last written, for a commit that follows: by {@link
   * System#nanoTime}.
   *
   * @return 0: never
   */
  public long flushedNanos() {
    return flushed;
  }

  /** The task goes to another owner, or is given up: the records behind it are read again. */
  @Override
  public void clearCache() {
    changes.clear();
  }

  /**
   * Between a task's start and its first record nothing can be written to the changelog: what is
   * put then goes with the first flush.
   */
  @Override
  public void commit(Map<TopicPartition, Long> changelogOffsets) {
    try {
      if (context != null && context.recordMetadata().isPresent()) {
        write();
      }
    } finally {
      super.commit(changelogOffsets);
    }
  }

  @Override
  public void close() {
    changes.clear();
    super.close();
  }

  private record Builder(StoreBuilder<KeyValueStore<String, byte[]>> written)
      implements StoreBuilder<KeyValueStore<String, byte[]>> {

    @Override
    public StoreBuilder<KeyValueStore<String, byte[]>> withCachingEnabled() {
      throw new UnsupportedOperationException("it is its own cache");
    }

    @Override
    public StoreBuilder<KeyValueStore<String, byte[]>> withCachingDisabled() {
      return this;
    }

    @Override
    public StoreBuilder<KeyValueStore<String, byte[]>> withLoggingEnabled(
        Map<String, String> config) {
      return new Builder(written.withLoggingEnabled(config));
    }

    @Override
    public StoreBuilder<KeyValueStore<String, byte[]>> withLoggingDisabled() {
      return new Builder(written.withLoggingDisabled());
    }

    @Override
    public KeyValueStore<String, byte[]> build() {
      return new LateStore(written.build());
    }

    @Override
    public Map<String, String> logConfig() {
      return written.logConfig();
    }

    @Override
    public boolean loggingEnabled() {
      return written.loggingEnabled();
    }

    @Override
    public String name() {
      return written.name();
    }
  }
}
