package io.countermand.audit;

import io.countermand.audit.check.Assembler;
import io.countermand.audit.check.DeadLetterBook;
import io.countermand.audit.check.Findings;
import io.countermand.audit.check.HandOverCheck;
import io.countermand.audit.check.OrderCheck;
import io.countermand.audit.check.OrderHistory;
import io.countermand.audit.check.TimestampOrderCheck;
import io.countermand.audit.mass.AskedRun;
import io.countermand.audit.mass.MassRun;
import io.countermand.audit.report.AuditResult;
import io.countermand.audit.report.CancelRows;
import io.countermand.audit.source.AuditException;
import io.countermand.audit.source.AuditRules;
import io.countermand.audit.source.Decoders;
import io.countermand.audit.source.DuckDb;
import io.countermand.audit.source.LongSet;
import io.countermand.audit.source.Range;
import io.countermand.audit.source.RecordSource;
import io.countermand.audit.source.StagingTable;
import io.countermand.audit.source.StoredRecord;
import io.countermand.domain.decision.HandOver;
import io.countermand.domain.order.Evidence;
import io.countermand.events.DeadLetter;
import io.countermand.events.serde.EventDecoder;
import io.countermand.kafka.Placement;
import io.countermand.kafka.ownership.HandOverRecords;
import io.countermand.platform.Topics;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Reads, joins, checks. The order-keyed topics have the same partitions, so one is done after the
 * other, two at a time: its records go into a DuckDB table, come out by order, and each order is
 * checked and forgotten.
 */
final class AuditRun {

  private static final List<String> CANCELS =
      List.of(Topics.INTENTS, Topics.PROGRESS, Topics.OUTCOMES, Topics.FINDINGS, Topics.RETRIES);

  /** The order in which an order's records come out. */
  private static final List<String> TOPICS =
      List.of(
          Topics.INTENTS,
          Topics.ORDER_EVENTS,
          Topics.PROGRESS,
          Topics.OUTCOMES,
          Topics.FINDINGS,
          Topics.ORDER_STATES,
          Topics.RETRIES);

  private static final long STACK = 256L * 1024 * 1024;

  private final RecordSource source;
  private final Range range;
  private final AuditRules rules;
  private final DuckDb duck;
  private final Audit.Options options;
  private final DeadLetterBook letters = new DeadLetterBook();
  private final Set<String> moved = ConcurrentHashMap.newKeySet();
  private final AtomicLong records = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong ledgerUntil = new AtomicLong();
  private final List<Findings> found = new ArrayList<>();

  AuditRun(RecordSource source, Range range, AuditRules rules, DuckDb duck, Audit.Options options) {
    this.source = source;
    this.range = range;
    this.rules = rules;
    this.duck = duck;
    this.options = options;
  }

  AuditResult run() throws SQLException {
    Instant begun = Instant.now();
    CancelRows.create(duck.first());
    Findings general = new Findings(new PartitionScope(range, letters));
    found.add(general);
    range.cut().values().forEach(general::gap);
    deadLetters(general);
    Queue<Integer> partitions = new ConcurrentLinkedQueue<>(range.parts(Topics.INTENTS).keySet());
    AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < options.threads(); i++) {
      Thread thread = new Thread(null, () -> work(partitions, failed), "audit-" + i, STACK);
      threads.add(thread);
      thread.start();
    }
    join(threads);
    Throwable why = failed.get();
    if (why != null) {
      throw why instanceof RuntimeException e
          ? e
          : new AuditException("the audit failed: " + why.getMessage(), why);
    }
    Findings all = merged();
    new CrossPartitionCheck(rules, range, letters, moved, options.only()).check(all);
    new MassRun(source, range, rules, new PartitionScope(range, letters))
        .check(all, options.only()::takes);
    var whole = new PartitionScope(range, letters);
    whole.ledgerWrote(ledgerUntil.get());
    new AskedRun(source, range, rules, whole, letters).check(all);
    letters.unseen(new PartitionScope(range, letters), all);
    return new AuditResult(
        source.name(),
        range.from,
        range.to,
        begun,
        Duration.between(begun, Instant.now()),
        records.get(),
        bytes.get(),
        letters.all().size(),
        all);
  }

  private void deadLetters(Findings findings) {
    EventDecoder<DeadLetter> decoder = source.serdes().decoder(DeadLetter.class);
    for (Range.Part part : range.parts(Topics.DEAD_LETTERS).values()) {
      source.read(
          part.topic(),
          part.partition(),
          part.from(),
          part.to(),
          record -> {
            count(record.serializedValueSize());
            letters.read(decoder, record, findings);
          });
    }
  }

  private void work(Queue<Integer> partitions, AtomicReference<@Nullable Throwable> failed) {
    Decoders decoders = Decoders.of(source.serdes());
    try (DuckDBConnection connection = duck.connection()) {
      for (Integer p = partitions.poll();
          p != null && failed.get() == null;
          p = partitions.poll()) {
        partition(p, connection, decoders);
      }
    } catch (Throwable e) {
      failed.compareAndSet(null, e);
    }
  }

  private void partition(int partition, DuckDBConnection connection, Decoders decoders)
      throws SQLException {
    var scope = new PartitionScope(range, letters, partition);
    Findings findings = new Findings(scope);
    StagingTable stage = new StagingTable(connection, "r" + partition, placement());
    LongSet keys = new LongSet();
    var handOvers = new HandOverCheck(partition);
    CANCELS.forEach(
        topic -> stage(topic, partition, stage, keys, false, findings, scope, handOvers, decoders));
    for (String topic : List.of(Topics.ORDER_EVENTS, Topics.ORDER_STATES)) {
      stage(topic, partition, stage, keys, true, findings, scope, handOvers, decoders);
    }
    stage.seal();
    // A connection of its own: rows that are flushed would end the query that is being read.
    try (DuckDBConnection writing = duck.connection();
        CancelRows rows = new CancelRows(writing, scope)) {
      OrderCheck check = new OrderCheck(rules, scope, findings, range.since);
      var assembler =
          new Assembler(
              decoders,
              rules.check(),
              placement(),
              letters,
              scope,
              findings,
              history -> {
                if (!options.only().takes(history.key)) {
                  return;
                }
                int before = findings.differences.size();
                check.check(history);
                handOvers.check(history, findings);
                write(rows, history, findings.differences.size() - before);
              });
      stage.sorted(TOPICS, assembler::take);
      assembler.finish();
    }
    stage.drop();
    ledgerUntil.accumulateAndGet(scope.ledgerUntil().toEpochMilli(), Math::max);
    synchronized (found) {
      found.add(findings);
    }
    options.progress().accept(records.get(), range.records());
  }

  private static void write(CancelRows rows, OrderHistory history, int differences) {
    try {
      rows.write(history, differences);
    } catch (SQLException e) {
      throw new AuditException("rows cannot be kept: " + e.getMessage(), e);
    }
  }

  private void stage(
      String topic,
      int partition,
      StagingTable stage,
      LongSet keys,
      boolean filter,
      Findings findings,
      PartitionScope scope,
      HandOverCheck handOvers,
      Decoders decoders) {
    Range.Part part = range.part(topic, partition);
    if (part == null) {
      return;
    }
    int index = TOPICS.indexOf(topic);
    boolean ledgers = topic.equals(Topics.OUTCOMES) || topic.equals(Topics.FINDINGS);
    boolean clocked =
        ledgers || topic.equals(Topics.RETRIES) || TimestampOrderCheck.STAMPED.contains(topic);
    TimestampOrderCheck clock = new TimestampOrderCheck(findings, clocked);
    source.read(
        topic,
        partition,
        part.from(),
        part.to(),
        record -> {
          count(record.serializedValueSize());
          letters.compare(record, findings);
          clock.see(record);
          if (ledgers) {
            scope.ledgerWrote(record.timestamp());
          }
          HandOver handOver =
              topic.equals(Topics.INTENTS)
                  ? HandOverRecords.read(record.value(), record.headers())
                  : null;
          if (handOver != null) {
            handOvers.read(handOver, record.offset());
            return;
          }
          if (topic.equals(Topics.PROGRESS) && scope.leases().read(record, decoders.progress())) {
            return;
          }
          if (record.headers().iterator().hasNext()) {
            var at = new Evidence(record.topic(), record.partition(), record.offset());
            moved.addAll(placement().moves(record.headers(), at));
          }
          long hash = StoredRecord.hash(record.key());
          if (filter && !keys.contains(hash)) {
            return;
          }
          keys.add(hash);
          try {
            stage.add(index, record, hash);
          } catch (SQLException e) {
            throw new AuditException("records cannot be kept: " + e.getMessage(), e);
          }
        });
  }

  private void count(int size) {
    bytes.addAndGet(Math.max(0, size));
    long now = records.incrementAndGet();
    if ((now & 0x3fff) == 0) {
      options.progress().accept(now, range.records());
    }
  }

  private static void join(List<Thread> threads) {
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AuditException("stopped", e);
    }
  }

  private Placement placement() {
    return new Placement(range.partitions);
  }

  private Findings merged() {
    Findings all = new Findings(new PartitionScope(range, letters));
    found.forEach(all::addAll);
    return all;
  }
}
