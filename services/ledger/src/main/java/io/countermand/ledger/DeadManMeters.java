package io.countermand.ledger;

import io.countermand.domain.mass.DeadManSwitch;
import io.countermand.kafka.streams.RoleMeters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;

/** What a ledger shows of dead-man's switches; nothing where another one watches. Thread-safe. */
final class DeadManMeters {

  private record Seen(int armed, long silent, @Nullable Instant oldest) {}

  private final Map<TaskId, Seen> tasks = new ConcurrentHashMap<>();
  private final Counter fires;

  DeadManMeters(MeterRegistry meters, RoleMeters gauges, InstantSource time) {
    gauges.gauge(
        "countermand.ledger.dead.man.armed",
        "Dead-man's switches that are armed; 0 in a ledger that does not watch them now",
        Tags.empty(),
        () -> tasks.values().stream().mapToInt(Seen::armed).sum());
    gauges.gauge(
        "countermand.ledger.dead.man.silent",
        "Armed dead-man's switches that have been silent for half of their time-out",
        Tags.empty(),
        () -> tasks.values().stream().mapToLong(Seen::silent).sum());
    gauges.gauge(
        "countermand.ledger.dead.man.silence.seconds",
        "Age of the oldest last heartbeat of an armed dead-man's switch, about; 0: none is armed",
        Tags.empty(),
        () ->
            tasks.values().stream()
                .map(Seen::oldest)
                .filter(Objects::nonNull)
                .mapToDouble(at -> Duration.between(at, time.instant()).toMillis() / 1000.0)
                .filter(seconds -> seconds > 0)
                .max()
                .orElse(0));
    this.fires =
        Counter.builder("countermand.ledger.dead.man.fires")
            .description("Dead-man's switches that fired")
            .register(meters);
  }

  void has(TaskId task, Collection<DeadManSwitch> armed) {
    tasks.put(
        task,
        new Seen(
            armed.size(),
            armed.stream().filter(DeadManSwitch::warned).count(),
            armed.stream().map(DeadManSwitch::heard).min(Instant::compareTo).orElse(null)));
  }

  void gone(TaskId task) {
    tasks.remove(task);
  }

  void fired() {
    fires.increment();
  }
}
