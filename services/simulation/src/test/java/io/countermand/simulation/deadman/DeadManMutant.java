package io.countermand.simulation.deadman;

import io.countermand.domain.mass.DeadManSwitch;
import io.countermand.domain.mass.DeadManWatch;
import io.countermand.domain.mass.Heartbeat;
import io.countermand.domain.order.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deliberate faults, each of which some history must show. */
enum DeadManMutant {
  FIRED_TWICE(
      new DeadManConduct() {
        @Override
        protected DeadManWatch.Step tick(DeadManWatch watch, Evidence at, Instant appended) {
          DeadManWatch.Step step = super.tick(watch, at, appended);
          step.fired().forEach(watch::kept);
          return step;
        }
      }),
  FIRED_AFTER_OUR_DOWNTIME(
      new DeadManConduct() {
        @Override
        protected DeadManWatch.Step tick(DeadManWatch watch, Evidence at, Instant appended) {
          DeadManWatch.LastTick last = watch.clock();
          if (last != null) {
            for (Instant time = last.at(); time.isBefore(appended); time = time.plusMillis(400)) {
              watch.kept(new DeadManWatch.LastTick(time, last.offset()));
            }
          }
          return super.tick(watch, at, appended);
        }
      }),
  UNREAD_HEARTBEATS_IGNORED(
      new DeadManConduct() {
        @Override
        protected boolean decidesAtOnce() {
          return true;
        }
      }),
  OFF_IGNORED(
      new DeadManConduct() {
        @Override
        protected DeadManWatch.Step heard(
            DeadManWatch watch, Heartbeat word, Evidence at, Instant appended, boolean fired) {
          return word.off() ? NOTHING : super.heard(watch, word, at, appended, fired);
        }
      }),
  REARMING_FORGOTTEN(
      new DeadManConduct() {
        @Override
        protected DeadManWatch.Step heard(
            DeadManWatch watch, Heartbeat word, Evidence at, Instant appended, boolean fired) {
          return fired ? NOTHING : super.heard(watch, word, at, appended, fired);
        }
      }),
  SILENCE_COUNTED_FROM_THE_TICK(
      new DeadManConduct() {
        @Override
        protected DeadManWatch.Step tick(DeadManWatch watch, Evidence at, Instant appended) {
          DeadManWatch.LastTick last = watch.clock();
          DeadManWatch.Step step = super.tick(watch, at, appended);
          List<DeadManSwitch> keep = new ArrayList<>(step.keep());
          for (DeadManSwitch one : List.copyOf(watch.armed())) {
            if (last == null || one.at().offset() > last.offset()) {
              var later =
                  new DeadManSwitch(one.word(), one.at(), one.heard(), appended, one.warned());
              watch.kept(later);
              keep.add(later);
            }
          }
          return new DeadManWatch.Step(keep, step.drop(), step.warned(), step.fired());
        }
      }),
  OLD_SCOPE_KEPT(
      new DeadManConduct() {
        @Override
        protected DeadManWatch.Step heard(
            DeadManWatch watch, Heartbeat word, Evidence at, Instant appended, boolean fired) {
          Heartbeat as =
              watch.armed().stream()
                  .map(DeadManSwitch::word)
                  .filter(old -> old.switchId().equals(word.switchId()) && !word.off())
                  .findFirst()
                  .map(old -> withScopeOf(old, word))
                  .orElse(word);
          return super.heard(watch, as, at, appended, fired);
        }
      }),
  FORGOTTEN_BY_THE_NEXT_OWNER(
      new DeadManConduct() {
        @Override
        protected @Nullable DeadManSwitch kept(DeadManSwitch one) {
          return null;
        }
      }),
  GRACE_FORGOTTEN_BY_THE_NEXT_OWNER(
      new DeadManConduct() {
        @Override
        protected DeadManSwitch kept(DeadManSwitch one) {
          return new DeadManSwitch(one.word(), one.at(), one.heard(), one.heard(), one.warned());
        }
      }),
  ANOTHER_ID_IN_EACH_LIFE(
      new DeadManConduct() {
        @Override
        protected String massId(DeadManSwitch one, int life) {
          return one.massId() + life;
        }
      }),
  ZOMBIE_NOT_FENCED(
      new DeadManConduct() {
        @Override
        protected boolean fences() {
          return false;
        }
      });

  private static final DeadManWatch.Step NOTHING =
      new DeadManWatch.Step(List.of(), List.of(), List.of(), List.of());

  final DeadManConduct conduct;

  DeadManMutant(DeadManConduct conduct) {
    this.conduct = conduct;
  }

  private static Heartbeat withScopeOf(Heartbeat old, Heartbeat word) {
    Duration timeout = word.timeout();
    return new Heartbeat(
        word.switchId(), old.scope(), timeout, word.by(), "", false, word.createdAt());
  }
}
