package io.countermand.client;

import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for outcomes that were there before their intents were sent again, newest first: the last
 * 2,000 records of the order's partition, then four times as many, as far as the look back goes,
 * until each cancel that was asked for has its outcome. On a thread of its own, with a consumer
 * that it opens when first needed. However long Kafka fails, it holds none that nobody waits for.
 */
final class OutcomeHistory {

  private static final Logger LOG = LoggerFactory.getLogger(OutcomeHistory.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int FIRST_STEP = 2_000;
  private static final int LONGEST_STEP = 128_000;

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final int partitions;
  private final PendingCancels pending;
  private final Duration lookBack;
  private final BlockingQueue<SentCancel> asked = new LinkedBlockingQueue<>();
  private final PriorityQueue<Search> searches =
      new PriorityQueue<>(Comparator.comparingInt(Search::step));
  private final Thread thread;

  /** What is still to be looked through: [first, high). */
  private record Search(
      TopicPartition partition, List<SentCancel> wanted, long first, long high, int step) {

    boolean over() {
      return high <= first || wanted.stream().allMatch(OutcomeHistory::done);
    }
  }

  OutcomeHistory(
      Supplier<Consumer<byte[], byte[]>> consumers,
      int partitions,
      PendingCancels pending,
      Duration lookBack) {
    this.consumers = consumers;
    this.partitions = partitions;
    this.pending = pending;
    this.lookBack = lookBack;
    this.thread = Thread.ofPlatform().daemon().name("countermand-history").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** It waits among the pending already, so what is written from now on the tail finds. */
  void lookFor(SentCancel sent) {
    asked.add(sent);
  }

  private void run() {
    Consumer<byte[], byte[]> consumer = null;
    try {
      while (!Thread.currentThread().isInterrupted()) {
        SentCancel next = searches.isEmpty() ? asked.take() : asked.poll();
        try {
          if (next != null) {
            asked.add(next); // so that a failure below loses none
          }
          if (consumer == null) {
            consumer = consumers.get(); // fails while the brokers' names do not resolve
          }
          look(consumer);
        } catch (InterruptException e) {
          throw e;
        } catch (KafkaException e) {
          LOG.atWarn().addKeyValue("error", e.toString()).log("past outcomes cannot be read");
          asked.removeIf(OutcomeHistory::done);
          TimeUnit.MILLISECONDS.sleep(500);
        }
      }
    } catch (InterruptedException | InterruptException e) {
      // closed
    } finally {
      Thread.interrupted(); // or the consumer would not close
      if (consumer != null) {
        consumer.close();
      }
    }
  }

  /** Takes what was asked for, and goes one step back. */
  void look(Consumer<byte[], byte[]> consumer) {
    begin(consumer);
    searches.removeIf(Search::over); // also one whose turn does not come for long
    step(consumer);
  }

  /** So many cancels are looked for. For who runs {@link #look} alone. */
  int held() {
    return asked.size() + searches.stream().mapToInt(each -> each.wanted().size()).sum();
  }

  /** It has its outcome, or is not waited for any more. */
  private static boolean done(SentCancel sent) {
    return sent.record().isDone();
  }

  private void begin(Consumer<byte[], byte[]> consumer) {
    Map<TopicPartition, List<SentCancel>> wanted = new HashMap<>();
    for (SentCancel each = asked.poll(); each != null; each = asked.poll()) {
      if (!done(each)) {
        int partition = Utils.toPositive(Utils.murmur2(each.order().bytes())) % partitions;
        wanted
            .computeIfAbsent(new TopicPartition(Topics.OUTCOMES, partition), _ -> new ArrayList<>())
            .add(each);
      }
    }
    if (wanted.isEmpty()) {
      return;
    }
    try {
      long since = Instant.now().minus(lookBack).toEpochMilli();
      Map<TopicPartition, Long> times = new HashMap<>();
      wanted.keySet().forEach(partition -> times.put(partition, since));
      Map<TopicPartition, Long> ends = consumer.endOffsets(wanted.keySet());
      Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(times);
      wanted.forEach(
          (partition, cancels) -> {
            OffsetAndTimestamp start = starts.get(partition);
            long end = ends.getOrDefault(partition, 0L);
            if (start != null) {
              searches.add(new Search(partition, cancels, start.offset(), end, FIRST_STEP));
            }
          });
    } catch (KafkaException e) {
      wanted.values().forEach(asked::addAll); // once more
      throw e;
    }
  }

  private void step(Consumer<byte[], byte[]> consumer) {
    Search search = searches.peek();
    if (search == null) {
      return;
    }
    long kept = kept(consumer, search.partition());
    if (search.high() <= kept) { // retention was faster
      searches.remove();
      return;
    }
    long low = Math.max(Math.max(search.first(), kept), search.high() - search.step());
    consumer.assign(List.of(search.partition()));
    consumer.seek(search.partition(), low);
    while (consumer.position(search.partition()) < search.high()) {
      consumer.poll(POLL).forEach(pending::offer);
    }
    searches.remove();
    searches.add(
        new Search(
            search.partition(),
            search.wanted(),
            search.first(),
            low,
            Math.min(4 * search.step(), LONGEST_STEP)));
  }

  /**
   * A place that is not kept any more would be asked for again and again, and hold up all others.
   */
  private static long kept(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
    return consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
  }

  /** Returns when the thread has ended, or is interrupted. */
  void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
