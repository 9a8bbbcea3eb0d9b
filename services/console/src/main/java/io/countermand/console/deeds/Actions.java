package io.countermand.console.deeds;

import io.countermand.events.ConsoleAction;
import java.time.Instant;
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

  @Override
  void close();
}
