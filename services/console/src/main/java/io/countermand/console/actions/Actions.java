package io.countermand.console.actions;

import io.countermand.events.ConsoleAction;
import io.countermand.events.DeadLetter;
import io.countermand.events.MassCancel;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What the console can have done, by the classes of the command line: the console stands on the
 * client alone and has neither their rules nor their topics. Each returns when it is durable.
 * Thread-safe.
 */
public interface Actions extends AutoCloseable {

  /** That are configured here. */
  SortedSet<String> venues();

  /** Keeps who asked for what. Returns whether it is durable. */
  boolean keep(ConsoleAction action) throws InterruptedException;

  /**
   * Stops all calls to a venue; returns whether that is durable.
   *
   * @param until null: until resumed
   * @param by who, in the record
   */
  boolean pause(String venue, @Nullable Instant until, String reason, String by)
      throws InterruptedException;

  /**
   * Lifts every pause of a venue; returns whether that is durable.
   *
   * @param by who, in the record
   */
  boolean resume(String venue, String reason, String by) throws InterruptedException;

  /** What makes no sense in it, by the ledger's rules, in words; null: nothing. */
  @Nullable String problem(MassCancel mass, Instant now);

  /** How long a mass cancel waits for a second person's word; null: one is enough. */
  default @Nullable Duration secondPersonWithin() {
    return null;
  }

  /** Asks for a mass cancel, a count, or a release; returns whether that is durable. */
  boolean ask(MassCancel mass) throws InterruptedException;

  /** How long so many calls take by a venue's rate alone; empty: that is not known here. */
  Optional<Duration> atLeast(String venue, int calls);

  /**
   * Sends a dead letter's record once more to where it came from; returns whether that is durable.
   *
   * @param place as {@code dead-letters-0@17}
   * @param by who, in its headers, as {@code why}
   */
  boolean requeue(String place, DeadLetter letter, String by, String why)
      throws InterruptedException;

  @Override
  void close();
}
