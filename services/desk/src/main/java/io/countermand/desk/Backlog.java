package io.countermand.desk;

import io.countermand.domain.order.Evidence;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/**
 * Which records may have been read before this task began: by a task before it, here or on another
 * machine, that committed no offset behind them. What they changed may stand in the store, though
 * the changelog lacks it (a lost record) or {@code order-states} does (a kill between the two). So
 * they are told and written whether they change something or not: at the most one row and one order
 * state for each that was there when the task began. Nothing that a process remembers would do: the
 * disk outlives it, and a row is on every disk.
 *
 * <p>Asked by the task's own thread.
 */
final class Backlog {

  /** Where a topic's partition ends. */
  interface Ends {

    /**
     * @param then hears it, on any thread, or, if the brokers do not answer, never; 0: nothing was
     *     read before
     */
    void end(String topic, int partition, LongConsumer then);
  }

  private static final Duration ASK_AGAIN = Duration.ofSeconds(5);

  /** Those whose records change the table. */
  private static final List<String> TOPICS =
      List.of(Topics.INTENTS, Topics.RETRIES, Topics.ORDER_EVENTS, Topics.OUTCOMES);

  private final int partition;
  private final Ends asked;
  private final Map<String, Long> ends = new ConcurrentHashMap<>();
  private final Map<String, Instant> askAgain = new HashMap<>();

  /** Asks for the ends of the topics whose records change the table; waits for nothing. */
  Backlog(int partition, Ends asked, Instant now) {
    this.partition = partition;
    this.asked = asked;
    TOPICS.forEach(topic -> ask(topic, now));
  }

  private void ask(String topic, Instant now) {
    askAgain.put(topic, now.plus(ASK_AGAIN));
    asked.end(topic, partition, end -> ends.merge(topic, end, Math::min));
  }

  /**
   * Whether this record may have been read before; true as long as that is not known. Tasks begin
   * just when brokers are away, so it is asked for again: the end then lies behind more records,
   * none is left out.
   *
   * @param now never waited for
   */
  boolean has(Evidence at, Instant now) {
    Instant again = askAgain.get(at.topic());
    if (again != null && !ends.containsKey(at.topic()) && !now.isBefore(again)) {
      ask(at.topic(), now);
    }
    return at.offset() < ends.getOrDefault(at.topic(), Long.MAX_VALUE);
  }
}
