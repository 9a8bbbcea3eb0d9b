package io.countermand.simulation.switches;

import io.countermand.domain.Intent;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.SwitchWatch;
import io.countermand.domain.order.OrderRef;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How the parts behave: the real rules. A mutant overrides one method. */
public class SwitchConduct {

  protected SwitchConduct() {}

  /** As designed. */
  public static SwitchConduct real() {
    return new SwitchConduct();
  }

  /** How many partitions a command is written to. */
  protected int spread(int partitions) {
    return partitions;
  }

  /** A command as a task understands it; null: it passes over it. */
  protected @Nullable MassCancel understood(MassCancel command) {
    return command;
  }

  /** What a desk that starts has read of kill-switches. */
  protected List<KillSwitch> known(List<KillSwitch> all) {
    return all;
  }

  /** A switch as an owner of the partition finds it in the store. */
  protected SwitchWatch.@Nullable Row kept(SwitchWatch.Row row) {
    return row;
  }

  /**
   * An order event was folded.
   *
   * @param before without the event in it
   */
  protected List<Intent> folded(
      SwitchWatch watch,
      OrderRef order,
      DeskOrder before,
      DeskOrder known,
      Instant now,
      Predicate<String> looked) {
    return watch.folded(order, known, now, looked);
  }

  /** Whether a freeze takes no more orders. */
  protected boolean over(SwitchWatch watch, MassCancel mass, Instant now) {
    return watch.over(mass, now);
  }

  /** An intent as it is written. */
  protected Intent written(Intent intent, int nth) {
    return intent;
  }
}
