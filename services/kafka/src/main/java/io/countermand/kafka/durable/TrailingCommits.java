package io.countermand.kafka.durable;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Offsets that are committed once all that was sent before them is durable, without anybody who
 * waits for that. Kafka Streams flushes for each task, then commits, and its thread stands still
 * for the round trips of both: an intent that comes meanwhile waits as long. Offsets that are
 * committed a little later are read again after a kill; none is committed before its time.
 *
 * <p>One commit at a time: whoever finds that one has not ended waits for both, as Kafka Streams
 * does. For the thread that polls the consumer, and no other.
 */
final class TrailingCommits {

  /** A coordinator that moves is not asked in each round. */
  private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Told by the consumer, in a later poll. */
  interface Heard extends BiConsumer<Map<TopicPartition, OffsetAndMetadata>, @Nullable Exception> {}

  /** What is to be committed, once its time has come; empty: nothing. */
  private Map<TopicPartition, OffsetAndMetadata> waiting = Map.of();

  private BooleanSupplier durable = () -> true;
  private long notBefore;

  /** What is on its way to the group, and the group has not answered; empty: nothing. */
  private Map<TopicPartition, OffsetAndMetadata> sent = Map.of();

  /** The last that the group was told, by partition. */
  private final Map<TopicPartition, OffsetAndMetadata> told = new HashMap<>();

  private @Nullable RuntimeException failure;
  private final LongSupplier nanos;

  /**
   * @param nanos monotonic clock, ns
   */
  TrailingCommits(LongSupplier nanos) {
    this.nanos = nanos;
    this.notBefore = nanos.getAsLong();
  }

  /** Whether the last commit has ended well, so that the next may trail. */
  boolean ended() {
    return waiting.isEmpty() && sent.isEmpty() && failure == null;
  }

  /**
   * Has offsets committed later, by {@link #send}.
   *
   * @param durable whether all that must be durable before is
   */
  void begin(Map<TopicPartition, OffsetAndMetadata> offsets, BooleanSupplier durable) {
    this.waiting = Map.copyOf(offsets);
    this.durable = durable;
  }

  /**
   * Sends what waits, if its time has come.
   *
   * @param send given offsets and who is to hear what became of them
   */
  void send(BiConsumer<Map<TopicPartition, OffsetAndMetadata>, Heard> send) {
    if (waiting.isEmpty() || nanos.getAsLong() - notBefore < 0 || !durable.getAsBoolean()) {
      return;
    }
    sent = waiting;
    waiting = Map.of();
    told.putAll(sent);
    send.accept(sent, this::heard);
  }

  private void heard(
      Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable Exception exception) {
    Map<TopicPartition, OffsetAndMetadata> mine = sent; // without what was revoked meanwhile
    sent = Map.of();
    if (exception instanceof RetriableCommitFailedException) {
      waiting = mine;
      notBefore = nanos.getAsLong() + AGAIN_NANOS;
    } else if (exception instanceof RuntimeException fatal && !mine.isEmpty()) {
      failure = fatal;
    }
  }

  /**
   * Commits now, with what was to be committed later.
   *
   * @param flush makes durable what was sent before
   * @param commit commits, and waits for it
   * @throws RuntimeException what became of an earlier commit, or of this one
   */
  void now(
      Map<TopicPartition, OffsetAndMetadata> offsets,
      Runnable flush,
      Consumer<Map<TopicPartition, OffsetAndMetadata>> commit) {
    if (failure != null) {
      RuntimeException thrown = failure;
      failure = null;
      throw thrown;
    }
    flush.run();
    Map<TopicPartition, OffsetAndMetadata> all = new HashMap<>(sent);
    all.putAll(waiting);
    all.putAll(offsets);
    if (all.isEmpty()) {
      return;
    }
    commit.accept(all);
    told.putAll(all);
    waiting = Map.of();
    sent = Map.of();
  }

  /** Offsets of {@code known} that would take nothing back that the group was told since. */
  Map<TopicPartition, OffsetAndMetadata> noneTakenBack(
      Map<TopicPartition, OffsetAndMetadata> known) {
    Map<TopicPartition, OffsetAndMetadata> newest = new HashMap<>(known);
    newest.replaceAll(
        (partition, offset) -> {
          OffsetAndMetadata last = told.get(partition);
          return last != null && last.offset() > offset.offset() ? last : offset;
        });
    return newest;
  }

  /** These partitions are another's. */
  void forget(Collection<TopicPartition> partitions) {
    waiting = without(waiting, partitions);
    sent = without(sent, partitions);
    partitions.forEach(told::remove);
  }

  private static Map<TopicPartition, OffsetAndMetadata> without(
      Map<TopicPartition, OffsetAndMetadata> offsets, Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> left = new HashMap<>(offsets);
    left.keySet().removeAll(partitions);
    return left;
  }
}
