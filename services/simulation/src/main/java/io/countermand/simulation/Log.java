package io.countermand.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A topic with one partition: records at offsets, some of them in transactions. */
final class Log<T> {

  /** A Kafka transaction, as its records show it. */
  static final class Txn {
    enum State {
      OPEN,
      COMMITTED,
      ABORTED
    }

    State state = State.OPEN;
    long endedAt;
  }

  /** A record; {@code at}: its append time in virtual milliseconds. */
  record Entry<T>(T value, @Nullable Txn txn, long at) {
    boolean open() {
      return txn != null && txn.state == Txn.State.OPEN;
    }

    boolean aborted() {
      return txn != null && txn.state == Txn.State.ABORTED;
    }
  }

  final String name;
  private final Timeline time;
  private final List<Entry<T>> entries = new ArrayList<>();
  private final List<Runnable> readers = new ArrayList<>();

  Log(String name, Timeline time) {
    this.name = name;
    this.time = time;
  }

  int append(T value, @Nullable Txn txn) {
    entries.add(new Entry<>(value, txn, time.now()));
    changed();
    return entries.size() - 1;
  }

  /** Tells the readers that there may be more to read. */
  void changed() {
    for (int i = 0; i < readers.size(); i++) {
      readers.get(i).run();
    }
  }

  void onChange(Runnable reader) {
    readers.add(reader);
  }

  int end() {
    return entries.size();
  }

  Entry<T> get(int offset) {
    return entries.get(offset);
  }

  /** Values that a read_committed reader gets, in order. */
  List<Entry<T>> committed() {
    return entries.stream().filter(e -> !e.open() && !e.aborted()).toList();
  }
}
