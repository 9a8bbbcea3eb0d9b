package io.countermand.simulation.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A topic with one partition: records at offsets, some of them in transactions. */
public final class Log<T> {

  /** A Kafka transaction, as its records show it. */
  public static final class Txn {
    public enum State {
      OPEN,
      COMMITTED,
      ABORTED
    }

    public State state = State.OPEN;
    public long endedAt;
  }

  /** A record; {@code at}: its append time in virtual milliseconds. */
  public record Entry<T>(T value, @Nullable Txn txn, long at) {
    public boolean open() {
      return txn != null && txn.state == Txn.State.OPEN;
    }

    public boolean aborted() {
      return txn != null && txn.state == Txn.State.ABORTED;
    }
  }

  public final String name;
  private final Timeline time;
  private final List<Entry<T>> entries = new ArrayList<>();
  private final List<Runnable> readers = new ArrayList<>();

  public Log(String name, Timeline time) {
    this.name = name;
    this.time = time;
  }

  public int append(T value, @Nullable Txn txn) {
    entries.add(new Entry<>(value, txn, time.now()));
    changed();
    return entries.size() - 1;
  }

  /** Tells the readers that there may be more to read. */
  public void changed() {
    for (int i = 0; i < readers.size(); i++) {
      readers.get(i).run();
    }
  }

  public void onChange(Runnable reader) {
    readers.add(reader);
  }

  public int end() {
    return entries.size();
  }

  public Entry<T> get(int offset) {
    return entries.get(offset);
  }

  /** Values that a read_committed reader gets, in order. */
  public List<Entry<T>> committed() {
    return entries.stream().filter(e -> !e.open() && !e.aborted()).toList();
  }
}
