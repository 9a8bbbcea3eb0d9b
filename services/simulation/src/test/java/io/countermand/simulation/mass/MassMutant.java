package io.countermand.simulation.mass;

import io.countermand.domain.mass.Freeze;
import io.countermand.domain.mass.FreezeSteps;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.OrderState;
import java.util.Set;

/** Deliberate faults, each of which some history must show. */
enum MassMutant {
  COMMAND_MISSES_A_PARTITION(
      new MassConduct() {
        @Override
        protected int spread(int partitions) {
          return Math.max(1, partitions - 1);
        }
      }),
  COMMAND_AND_REPORT_MISS_A_PARTITION(
      new MassConduct() {
        @Override
        protected int spread(int partitions) {
          return Math.max(1, partitions - 1);
        }

        @Override
        protected int awaited(int partitions) {
          return spread(partitions);
        }
      }),
  SCOPE_TAKEN_FROM_LATER_STATE(
      new MassConduct() {
        @Override
        protected boolean looksOn() {
          return true;
        }
      }),
  ORDER_OUTSIDE_THE_SCOPE(
      new MassConduct() {
        @Override
        protected Freeze freeze(MassCancel mass) {
          return new Freeze(
              new MassCancel(
                  mass.massId(),
                  MassScope.ALL,
                  mass.by(),
                  mass.reason(),
                  mass.deadline(),
                  false,
                  false,
                  mass.createdAt()),
              Set.of());
        }
      }),
  BACKLOG_OF_ORDER_EVENTS_IGNORED(
      new MassConduct() {
        @Override
        protected FreezeSteps.Step next(
            FreezeSteps steps, boolean over, boolean read, boolean durable) {
          return steps.next(over, true, durable);
        }
      }),
  TOLD_BEFORE_DURABLE(
      new MassConduct() {
        @Override
        protected FreezeSteps.Step next(
            FreezeSteps steps, boolean over, boolean read, boolean durable) {
          return steps.next(over, read, true);
        }
      }),
  BEGUN_AND_FORGOTTEN(
      new MassConduct() {
        @Override
        protected boolean keeps() {
          return false;
        }
      }),
  ANOTHER_ID_EACH_TIME(
      new MassConduct() {
        @Override
        protected String cancelId(MassCancel mass, OrderRef order, int nth) {
          return super.cancelId(mass, order, nth) + nth;
        }
      }),
  DISPUTED_TAKEN_FOR_OVER(
      new MassConduct() {
        @Override
        protected boolean take(Freeze freeze, OrderRef order, OrderState state) {
          return !state.terminal() && freeze.take(order, state);
        }
      });

  final MassConduct conduct;

  MassMutant(MassConduct conduct) {
    this.conduct = conduct;
  }
}
