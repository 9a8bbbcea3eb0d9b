package io.countermand.simulation.deadman;

import io.countermand.domain.mass.DeadManSwitch;
import io.countermand.domain.mass.DeadManWatch;
import io.countermand.domain.mass.Heartbeat;
import io.countermand.domain.order.Evidence;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How the parts behave: the real rules. A mutant overrides one method. */
public class DeadManConduct {

  protected DeadManConduct() {}

  /** As designed. */
  public static DeadManConduct real() {
    return new DeadManConduct();
  }

  /**
   * @param fired whether the switch fired before
   */
  protected DeadManWatch.Step heard(
      DeadManWatch watch, Heartbeat word, Evidence at, Instant appended, boolean fired) {
    return watch.heard(word, at, appended, false);
  }

  protected DeadManWatch.Step tick(DeadManWatch watch, Evidence at, Instant appended) {
    return watch.tick(at, appended, _ -> false);
  }

  /** Whether a tick counts as it is written, and not as it is read. */
  protected boolean decidesAtOnce() {
    return false;
  }

  /** A switch as the next owner finds it in the store. */
  protected @Nullable DeadManSwitch kept(DeadManSwitch one) {
    return one;
  }

  /**
   * @param life of the task that fires it
   */
  protected String massId(DeadManSwitch one, int life) {
    return one.massId();
  }

  /** Whether what a task writes is void once another has its partition. */
  protected boolean fences() {
    return true;
  }
}
