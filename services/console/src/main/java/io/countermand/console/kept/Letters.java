package io.countermand.console.kept;

import io.countermand.client.EventRecord;
import io.countermand.events.DeadLetter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The newest dead letters, bounded in number and in bytes. Thread-safe. */
public final class Letters {

  private static final int MOST = 2_000;

  private final Deque<EventRecord<DeadLetter>> letters = new ArrayDeque<>();
  private final long mostBytes;
  private long bytes;
  private long gone;

  public Letters(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  public synchronized void add(EventRecord<DeadLetter> record) {
    letters.addFirst(record);
    bytes += RecordSize.of(record.value());
    while (letters.size() > MOST || (bytes > mostBytes && letters.size() > 1)) {
      bytes -= RecordSize.of(letters.removeLast().value());
      gone++;
    }
  }

  /** Newest first, by when they were read. */
  public synchronized List<EventRecord<DeadLetter>> all() {
    return new ArrayList<>(letters);
  }

  public synchronized Optional<EventRecord<DeadLetter>> find(int partition, long offset) {
    return letters.stream()
        .filter(each -> each.partition() == partition && each.offset() == offset)
        .findFirst();
  }

  public synchronized long gone() {
    return gone;
  }
}
