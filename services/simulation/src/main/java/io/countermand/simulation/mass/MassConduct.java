package io.countermand.simulation.mass;

import io.countermand.domain.mass.Freeze;
import io.countermand.domain.mass.FreezeSteps;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassIntents;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.OrderState;
import java.util.Set;

/** How the parts behave: the real rules. A mutant overrides one method. */
public class MassConduct {

  protected MassConduct() {}

  /** As designed. */
  public static MassConduct real() {
    return new MassConduct();
  }

  /** How many partitions the command is written to. */
  protected int spread(int partitions) {
    return partitions;
  }

  /** How many partitions the report waits for. */
  protected int awaited(int partitions) {
    return partitions;
  }

  protected Freeze freeze(MassCancel mass) {
    return new Freeze(mass, Set.of());
  }

  protected boolean take(Freeze freeze, OrderRef order, OrderState state) {
    return freeze.take(order, state);
  }

  protected FreezeSteps.Step next(FreezeSteps steps, boolean over, boolean read, boolean durable) {
    return steps.next(over, read, durable);
  }

  /** Whether a task keeps in its store what it has begun. */
  protected boolean keeps() {
    return true;
  }

  /** Whether it goes on to look for orders when it has told its scope. */
  protected boolean looksOn() {
    return false;
  }

  /**
   * @param nth so many were asked for before
   */
  protected String cancelId(MassCancel mass, OrderRef order, int nth) {
    return MassIntents.cancelId(mass.massId(), order.key());
  }
}
