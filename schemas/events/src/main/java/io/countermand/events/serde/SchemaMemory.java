package io.countermand.events.serde;

import io.countermand.events.serde.SchemaFile.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of schema ids: of our own types only, so that garbage which names any id does not
 * fill it. With a file it outlives the process, and an id can have several meanings: a registry
 * that was wiped gives its ids anew, and what was written before still lies in the topics.
 * Thread-safe.
 */
final class SchemaMemory {

  private static final Logger LOG = LoggerFactory.getLogger(SchemaMemory.class);

  /** Meanings of an id; who wipes more often than that loses the oldest. */
  private static final int MOST_MEANINGS = 8;

  private static final Duration ASKED_AGAIN = Duration.ofSeconds(5);

  private final @Nullable SchemaFile file;
  private final Map<Integer, List<Schema>> meanings = new ConcurrentHashMap<>();
  private final Map<Written, Integer> written = new ConcurrentHashMap<>();
  private final Map<Integer, Long> askedAgain = new ConcurrentHashMap<>();
  private final Set<Integer> told = ConcurrentHashMap.newKeySet();
  private volatile int version;

  /** What is written to a topic, and with which schema. */
  record Written(String topic, Schema schema) {}

  private SchemaMemory(@Nullable SchemaFile file) {
    this.file = file;
    if (file != null) {
      for (Line line : file.load()) {
        if (line.topic() == null) {
          add(line.id(), line.schema());
        } else {
          written.put(new Written(line.topic(), line.schema()), line.id());
        }
      }
    }
  }

  /** One that ends with the process, and believes what it was told first. */
  static SchemaMemory ofProcess() {
    return new SchemaMemory(null);
  }

  static SchemaMemory on(SchemaFile file) {
    return new SchemaMemory(file);
  }

  boolean kept() {
    return file != null;
  }

  /** Oldest first; empty: nothing is known. The same list until something is learned. */
  List<Schema> meanings(int id) {
    return meanings.getOrDefault(id, List.of());
  }

  /**
   * Whether the registry may be asked again what a known id means, because a record does not fit
   * what is known: seldom enough that a flood of garbage stays off the registry.
   */
  boolean asksAgain(int id, long nanos) {
    if (file == null) {
      return false;
    }
    boolean[] asks = new boolean[1];
    askedAgain.compute(
        id,
        (_, last) -> {
          asks[0] = last == null || nanos - last >= ASKED_AGAIN.toNanos();
          return asks[0] ? nanos : last;
        });
    return asks[0];
  }

  /** Whether the registry has told it since this process started. */
  boolean told(int id) {
    return told.contains(id);
  }

  /** What the registry says now. */
  void learned(int id, Schema schema) {
    if (!Trust.ours(schema)) {
      return;
    }
    told.add(id);
    synchronized (this) {
      if (!add(id, schema)) {
        return;
      }
      if (meanings(id).size() > 1) {
        LOG.atError()
            .addKeyValue("schema", id)
            .addKeyValue("types", meanings(id).stream().map(Schema::getFullName).toList())
            .log("the registry gives a known schema id another meaning; was it wiped?");
      }
      save();
    }
  }

  /** Empty: not known. */
  OptionalInt writtenAs(Written what) {
    Integer id = written.get(what);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  synchronized void writes(Written what, int id) {
    Integer before = written.put(what, id);
    if (before == null || before != id) {
      version++;
      save();
    }
  }

  /** Changes when something is written under another id than before. */
  int version() {
    return version;
  }

  Map<Written, Integer> written() {
    return Map.copyOf(written);
  }

  Set<Integer> ids() {
    return Set.copyOf(meanings.keySet());
  }

  /** Ids that mean more than one thing. */
  long disputed() {
    return meanings.values().stream().filter(each -> each.size() > 1).count();
  }

  private boolean add(int id, Schema schema) {
    List<Schema> known = meanings(id);
    if (known.contains(schema)) {
      return false;
    }
    List<Schema> more = new ArrayList<>(known);
    more.add(schema);
    meanings.put(
        id, List.copyOf(more.subList(Math.max(0, more.size() - MOST_MEANINGS), more.size())));
    return true;
  }

  private void save() {
    if (file == null) {
      return;
    }
    List<Line> lines = new ArrayList<>();
    new HashMap<>(meanings)
        .forEach((id, all) -> all.forEach(schema -> lines.add(new Line(id, null, schema))));
    written.forEach((what, id) -> lines.add(new Line(id, what.topic(), what.schema())));
    file.save(lines);
  }
}
