package io.countermand.desk;

import io.countermand.domain.order.Evidence;
import io.countermand.platform.Topics;
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

  private final Map<String, Long> ends = new ConcurrentHashMap<>();

  /** Asks for the ends of the topics whose records change the table; waits for nothing. */
  Backlog(int partition, Ends asked) {
    List.of(Topics.INTENTS, Topics.RETRIES, Topics.ORDER_EVENTS, Topics.OUTCOMES)
        .forEach(topic -> asked.end(topic, partition, end -> ends.put(topic, end)));
  }

  /** Whether this record may have been read before; true as long as it is not known. */
  boolean has(Evidence at) {
    return at.offset() < ends.getOrDefault(at.topic(), Long.MAX_VALUE);
  }
}
