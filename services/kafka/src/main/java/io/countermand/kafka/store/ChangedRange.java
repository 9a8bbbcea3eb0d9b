package io.countermand.kafka.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.countermand.kafka.store.LateStore.Change;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/** A range of what is written, and over it what changed since. */
final class ChangedRange implements KeyValueIterator<String, byte[]> {

  /** In the order of the store: that of the bytes. */
  private static final class Key implements Comparable<Key> {

    private final String key;
    private final byte[] bytes;

    Key(String key) {
      this.key = key;
      this.bytes = key.getBytes(UTF_8);
    }

    String key() {
      return key;
    }

    @Override
    public int compareTo(Key other) {
      return Arrays.compareUnsigned(bytes, other.bytes);
    }
  }

  private final KeyValueIterator<String, byte[]> written;
  private final Iterator<Key> changed;
  private final Map<String, Change> changes;
  private @Nullable Key nextChanged;
  private @Nullable KeyValue<String, byte[]> next;

  ChangedRange(
      KeyValueIterator<String, byte[]> written,
      @Nullable String from,
      @Nullable String to,
      Map<String, Change> changes) {
    this.written = written;
    this.changes = changes;
    this.changed = sorted(changes.keySet(), from, to).iterator();
    this.nextChanged = this.changed.hasNext() ? this.changed.next() : null;
  }

  @Override
  public boolean hasNext() {
    while (next == null && (nextChanged != null || written.hasNext())) {
      next = step();
    }
    return next != null;
  }

  /** Null: one that is deleted. */
  private @Nullable KeyValue<String, byte[]> step() {
    Key change = nextChanged;
    int order =
        change == null
            ? 1
            : written.hasNext() ? change.compareTo(new Key(written.peekNextKey())) : -1;
    if (order > 0) {
      return written.next();
    }
    if (order == 0) {
      written.next();
    }
    nextChanged = changed.hasNext() ? changed.next() : null;
    String key = Objects.requireNonNull(change).key();
    byte[] value = Objects.requireNonNull(changes.get(key)).bytes();
    return value == null ? null : KeyValue.pair(key, value);
  }

  @Override
  public KeyValue<String, byte[]> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    KeyValue<String, byte[]> found = Objects.requireNonNull(next);
    next = null;
    return found;
  }

  @Override
  public String peekNextKey() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return Objects.requireNonNull(next).key;
  }

  @Override
  public void close() {
    written.close();
  }

  private static List<Key> sorted(Set<String> keys, @Nullable String from, @Nullable String to) {
    Key first = from == null ? null : new Key(from);
    Key last = to == null ? null : new Key(to);
    List<Key> sorted = new ArrayList<>();
    for (String key : keys) {
      Key one = new Key(key);
      if ((first == null || one.compareTo(first) >= 0)
          && (last == null || one.compareTo(last) <= 0)) {
        sorted.add(one);
      }
    }
    sorted.sort(Comparator.naturalOrder());
    return sorted;
  }
}
