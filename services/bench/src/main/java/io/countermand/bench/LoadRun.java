package io.countermand.bench;

import io.countermand.bench.load.ArrivalTimes;
import io.countermand.bench.load.IntentBatch;
import io.countermand.bench.load.Load;
import io.countermand.bench.load.LoadCalls;
import io.countermand.bench.load.ResultCounts;
import io.countermand.bench.load.ResultReader;
import io.countermand.bench.load.Sender;
import io.countermand.bench.load.StoreFill;
import io.countermand.bench.load.Variant;
import io.countermand.bench.measure.BrokerRequests;
import io.countermand.bench.measure.KafkaCost;
import io.countermand.bench.measure.Latencies;
import io.countermand.bench.measure.LogReader;
import io.countermand.bench.measure.LogVolume;
import io.countermand.bench.measure.Measured;
import io.countermand.bench.measure.ProcessUsage;
import io.countermand.bench.measure.Processors;
import io.countermand.bench.process.BenchCluster;
import io.countermand.bench.process.StoreFiller;
import io.countermand.bench.process.VariantProcesses;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.serde.EventDecoder;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;

/** Plays loads through one variant that runs, one after the other. */
final class LoadRun implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** For what is still to be committed and written after the last result; the same for all. */
  private static final Duration AFTERWARDS = Duration.ofMillis(1_200);

  private static final int LONGEST_REST_SECONDS = 30;

  /** Of a second. */
  private static final double COMPILERS_AT_REST = 0.03;

  private final int pair;
  private final Variant variant;
  private final BenchCluster stage;
  private final VariantProcesses subject;
  private final EventSerdes serdes;
  private final Serializer<CancelIntent> serializer;
  private final EventDecoder<CancelOutcome> decoder;
  private final Sender sender;
  private final ResultReader committed;
  private final ResultReader all;
  private final StoreFiller filler;
  private long nextOrder;

  /**
   * @param firstOrder number of the first order; the run has a million of its own
   */
  LoadRun(
      int pair, Variant variant, BenchCluster stage, VariantProcesses subject, long firstOrder) {
    this.pair = pair;
    this.variant = variant;
    this.stage = stage;
    this.subject = subject;
    this.nextOrder = firstOrder;
    this.filler = new StoreFiller(stage, subject);
    this.serdes = stage.connection().serdes();
    this.serializer = serdes.serializer(CancelIntent.class);
    this.decoder = serdes.decoder(CancelOutcome.class);
    this.sender = new Sender(stage.connection());
    this.committed = new ResultReader(stage.connection(), variant.results(), true);
    this.all = new ResultReader(stage.connection(), variant.results(), false);
  }

  /** What all processes had used at one moment. */
  private record Used(
      ProcessUsage subject,
      ProcessUsage broker,
      ProcessUsage venue,
      Map<String, Long> bytesByTopic,
      Processors processors) {

    long bytes() {
      return bytesByTopic.values().stream().mapToLong(Long::longValue).sum();
    }

    double compilerSeconds() {
      return subject.compilerSeconds() + broker.compilerSeconds() + venue.compilerSeconds();
    }
  }

  /** What Kafka had at one moment. */
  private record InKafka(
      Map<TopicPartition, Long> ends, Map<String, Long> requests, double ownRequests) {}

  /** Fills stores; a peer has none. */
  void fill(StoreFill filling) throws InterruptedException {
    if (variant.ours()) {
      filler.fill(filling);
      Thread.sleep(AFTERWARDS);
    }
  }

  /** Returns when all is answered and at rest, or nothing more comes. */
  Measured play(Load load) throws IOException, InterruptedException {
    long firstOrder = nextOrder;
    var batch = new IntentBatch(load, i -> firstOrder + i, serializer);
    nextOrder += batch.size();
    subject.venue().latency(load.venueLatency());
    setUp(batch);
    ResultReader.Watch first = committed.watch(batch);
    ResultReader.Watch second = all.watch(batch);
    InKafka kafkaBefore = inKafka();
    Used before = used();
    Sender.Sent sent = sender.send(batch, variant.intents());
    await(batch.size(), first, second);
    Thread.sleep(AFTERWARDS);
    Used after = used();
    InKafka kafkaAfter = inKafka();
    LoadCalls calls = subject.journal().read(batch);
    List<String> problems = problems(load, sent, calls, first, second);
    return new Measured(
        pair,
        variant.label(),
        load.name(),
        batch.size(),
        load.venueLatency().toMillis(),
        problems,
        ResultCounts.of(variant, first.values(), decoder),
        calls.all(),
        Latencies.of(calls.seen().since(sent.start(), load)),
        Latencies.of(first.sightings().since(sent.start(), load)),
        Latencies.of(second.sightings().since(sent.start(), load)),
        seconds(sent, calls.seen()),
        seconds(sent, first.sightings()),
        calls.seen().seen() / seconds(sent, calls.seen()),
        first.sightings().seen() / seconds(sent, first.sightings()),
        sent.late(),
        per1000(before.subject(), after.subject(), load),
        after.subject().peakMegabytes(),
        (after.bytes() - before.bytes() - intentBytes(batch)) / (double) load.count(),
        per1000(before.broker(), after.broker(), load),
        per1000(before.venue(), after.venue(), load),
        (after.compilerSeconds() - before.compilerSeconds()) * 1000 / load.count(),
        after.processors().stolenSince(before.processors()),
        calls.lost(load, variant.ours()),
        calls.doubled(),
        bytesByTopic(before, after, load),
        cost(kafkaBefore, kafkaAfter, load));
  }

  private static SortedMap<String, Double> bytesByTopic(Used before, Used after, Load load) {
    SortedMap<String, Double> grown = new TreeMap<>();
    after
        .bytesByTopic()
        .forEach(
            (topic, bytes) -> {
              long more = bytes - before.bytesByTopic().getOrDefault(topic, 0L);
              if (more != 0) {
                grown.put(topic, more / (double) load.count());
              }
            });
    return grown;
  }

  /** Returns when the compilers have done what they were asked to. */
  void rest() throws IOException, InterruptedException {
    double before = used().compilerSeconds();
    for (int i = 0; i < LONGEST_REST_SECONDS; i++) {
      Thread.sleep(1_000);
      double now = used().compilerSeconds();
      if (now - before < COMPILERS_AT_REST) {
        return;
      }
      before = now;
    }
  }

  /** The venue knows the orders, and the desk has heard of them. */
  private void setUp(IntentBatch batch) throws IOException, InterruptedException {
    long events = stage.records(Topics.ORDER_EVENTS);
    subject.venue().place(batch);
    if (!variant.ours()) {
      return;
    }
    long filled = IntStream.range(0, batch.size()).filter(batch.load()::terminal).count();
    subject.awaitOrders(events + batch.size() + filled);
  }

  private void await(int wanted, ResultReader.Watch first, ResultReader.Watch second)
      throws InterruptedException {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (first.sightings().seen() < wanted || second.sightings().seen() < wanted) {
      subject.requireAlive();
      if (System.nanoTime() > giveUp) {
        return; // counted as missing
      }
      Thread.sleep(20);
    }
  }

  private Used used() throws IOException, InterruptedException {
    return new Used(
        ProcessUsage.of(subject.pids()),
        ProcessUsage.of(List.of(stage.brokerPid())),
        ProcessUsage.of(List.of(subject.venue().pid())),
        stage.bytes(),
        Processors.now());
  }

  /** Takes some CPU of the broker: outside of what {@link #used} takes stock of. */
  private InKafka inKafka() throws IOException, InterruptedException {
    Map<TopicPartition, Long> ends = stage.ends();
    return new InKafka(
        ends,
        stage.requests(),
        sender.requests() + committed.requests() + all.requests() + stage.ownRequests());
  }

  private KafkaCost cost(InKafka before, InKafka after, Load load) {
    Map<String, Long> grown = new HashMap<>();
    after
        .ends()
        .forEach(
            (partition, end) ->
                grown.merge(
                    partition.topic(), end - before.ends().getOrDefault(partition, 0L), Long::sum));
    Map<String, LogVolume.Read> read =
        LogReader.count(stage.connection(), before.ends(), after.ends());
    return KafkaCost.of(
        LogVolume.of(grown, read, load.count()),
        BrokerRequests.since(before.requests(), after.requests()),
        after.ownRequests() - before.ownRequests(),
        load.count());
  }

  /** Every intent has its call and its result, once; a refused one has no call. */
  private List<String> problems(
      Load load,
      Sender.Sent sent,
      LoadCalls calls,
      ResultReader.Watch first,
      ResultReader.Watch second) {
    List<String> problems = new ArrayList<>();
    count(problems, sent.failed(), "intents not sent");
    count(problems, load.count() - first.sightings().seen(), "results missing");
    count(problems, first.sightings().again(), "results twice");
    count(problems, load.count() - second.sightings().seen(), "results missing, uncommitted");
    count(problems, calls.lost(load, variant.ours()), "calls missing");
    if (variant.ours()) {
      count(problems, calls.needless(load), "calls for orders known to be terminal");
    }
    count(problems, calls.seen().again(), "calls twice");
    count(problems, calls.earlier(), "calls again for orders of an earlier load");
    return problems;
  }

  private static void count(List<String> problems, int count, String what) {
    if (count > 0) {
      problems.add(count + " " + what);
    }
  }

  private static double seconds(Sender.Sent sent, ArrivalTimes sightings) {
    return Math.max(1, sightings.last() - sent.start()) / 1e6;
  }

  private static double per1000(ProcessUsage before, ProcessUsage after, Load load) {
    return (after.cpuSeconds() - before.cpuSeconds()) * 1000 / load.count();
  }

  private static long intentBytes(IntentBatch batch) {
    long bytes = 0;
    for (int i = 0; i < batch.size(); i++) {
      bytes += batch.key(i).length + batch.value(i).length;
    }
    return bytes;
  }

  @Override
  public void close() {
    committed.close();
    all.close();
    sender.close();
    serdes.close();
  }
}
