package io.countermand.simulation.switches;

import io.countermand.domain.Intent;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.mass.SwitchWatch;
import io.countermand.domain.order.OrderRef;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Deliberate faults, each of which some history must show. */
enum SwitchMutant {
  FIRE_MISSES_A_PARTITION(
      new SwitchConduct() {
        @Override
        protected int spread(int partitions) {
          return Math.max(1, partitions - 1);
        }
      }),
  LATE_ORDERS_MISSED(
      new SwitchConduct() {
        @Override
        protected @Nullable MassCancel understood(MassCancel command) {
          return command.keep() ? withScope(command, command.scope(), false) : command;
        }
      }),
  /** A crash between table and intent: then it is not new any more. */
  ONLY_WHAT_THE_TABLE_DID_NOT_KNOW(
      new SwitchConduct() {
        @Override
        protected List<Intent> folded(
            SwitchWatch watch,
            OrderRef order,
            DeskOrder before,
            DeskOrder known,
            Instant now,
            Predicate<String> looked) {
          return before.order() != null
              ? List.of()
              : super.folded(watch, order, before, known, now, looked);
        }
      }),
  ANOTHER_ID_EACH_TIME(
      new SwitchConduct() {
        @Override
        protected Intent written(Intent intent, int nth) {
          return new Intent(
              intent.cancelId() + nth,
              intent.order(),
              null,
              null,
              null,
              intent.deadline(),
              false,
              false,
              null,
              null,
              intent.attributes(),
              intent.createdAt(),
              intent.massId());
        }
      }),
  ASKS_AGAIN_AT_EACH_EVENT(
      new SwitchConduct() {
        @Override
        protected List<Intent> folded(
            SwitchWatch watch,
            OrderRef order,
            DeskOrder before,
            DeskOrder known,
            Instant now,
            Predicate<String> looked) {
          List<Intent> intents =
              new java.util.ArrayList<>(super.folded(watch, order, before, known, now, looked));
          intents.addAll(intents);
          return intents;
        }
      }),
  RELEASE_IGNORED(
      new SwitchConduct() {
        @Override
        protected @Nullable MassCancel understood(MassCancel command) {
          return command.releases() == null ? command : null;
        }
      }),
  RELEASE_FORGOTTEN_BY_THE_NEXT_OWNER(
      new SwitchConduct() {
        @Override
        protected SwitchWatch.@Nullable Row kept(SwitchWatch.Row row) {
          return row.one().on() ? row : null;
        }
      }),
  FREEZE_GOES_ON_AFTER_THE_RELEASE(
      new SwitchConduct() {
        @Override
        protected boolean over(SwitchWatch watch, MassCancel mass, Instant now) {
          return !now.isBefore(mass.deadline());
        }
      }),
  SCOPE_IGNORED(
      new SwitchConduct() {
        @Override
        protected @Nullable MassCancel understood(MassCancel command) {
          return command.keep() ? withScope(command, MassScope.ALL, true) : command;
        }
      }),
  DECIDES_BEFORE_IT_KNOWS_THE_SWITCHES(
      new SwitchConduct() {
        @Override
        protected List<KillSwitch> known(List<KillSwitch> all) {
          return List.of();
        }
      }),
  SWITCH_NOT_KEPT(
      new SwitchConduct() {
        @Override
        protected SwitchWatch.@Nullable Row kept(SwitchWatch.Row row) {
          return null;
        }
      });

  final SwitchConduct conduct;

  SwitchMutant(SwitchConduct conduct) {
    this.conduct = conduct;
  }

  private static MassCancel withScope(MassCancel mass, MassScope scope, boolean keep) {
    return new MassCancel(
        mass.massId(),
        scope,
        mass.by(),
        mass.reason(),
        mass.deadline(),
        mass.dryRun(),
        mass.includingPositionClose(),
        mass.createdAt(),
        keep,
        mass.releases());
  }
}
