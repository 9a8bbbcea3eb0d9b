package io.countermand.app;

import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.gate.Gate;
import io.countermand.ledger.Ledger;
import io.countermand.venues.Venues;
import io.countermand.venues.limits.Limits;
import io.countermand.worker.Worker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;

/** Gate, ledger and workers in this JVM, each of which can be stopped and started by itself. */
public final class Roles implements AutoCloseable {

  private static final Duration READY_WITHIN = Duration.ofSeconds(60);

  private final Config config;
  private final Limits limits = new Limits(Clock.systemUTC());
  private final Map<String, Running> running = new LinkedHashMap<>();

  private record Running(AutoCloseable role, BooleanSupplier ready) {}

  Roles(Config config) {
    this.config = config;
  }

  /** Starts all of them; returns when they are ready. */
  void startAll() {
    start("ledger");
    start("gate");
    for (Config.Venue venue : config.venues().values()) {
      start("worker " + venue.name());
      if (Venues.provider(venue.adapter()).capabilities().hasFeed()) {
        start("feed " + venue.name());
      }
    }
    awaitReady();
  }

  /**
   * @param name {@code gate}, {@code ledger}, {@code worker VENUE} or {@code feed VENUE}
   */
  public synchronized void start(String name) {
    running.computeIfAbsent(name, this::started);
  }

  private Running started(String name) {
    return switch (name) {
      case "gate" -> {
        Gate gate = Gate.start(Settings.gate(config));
        yield new Running(gate, gate.role()::ready);
      }
      case "ledger" -> {
        Ledger ledger = Ledger.start(Settings.ledger(config));
        yield new Running(ledger, ledger.role()::ready);
      }
      case String feed when feed.startsWith("feed ") -> {
        VenueFeed stream = VenueFeed.start(config, feed.substring("feed ".length()), limits);
        yield new Running(stream, stream::healthy);
      }
      default -> {
        Worker worker =
            Worker.start(
                Settings.worker(
                    config, name.substring("worker ".length()), limits, Clock.systemUTC()));
        yield new Running(worker, worker::ready);
      }
    };
  }

  /** A clean stop. */
  public synchronized void stop(String name) {
    Running role = running.remove(name);
    if (role != null) {
      close(role.role());
    }
  }

  /** Returns when all that run are ready. */
  public void awaitReady() {
    Instant end = Instant.now().plus(READY_WITHIN);
    try {
      while (!ready()) {
        if (Instant.now().isAfter(end)) {
          throw new IllegalStateException(
              "not every role became ready in a minute; see the log in the data directory");
        }
        Thread.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while starting", e);
    }
  }

  private synchronized boolean ready() {
    return running.values().stream().allMatch(role -> role.ready().getAsBoolean());
  }

  /** Stops the gate first, so that nothing new is begun, and the ledger last. */
  @Override
  public synchronized void close() {
    stop("gate");
    Running ledger = running.remove("ledger");
    try (var each = Executors.newVirtualThreadPerTaskExecutor()) {
      running.values().forEach(role -> each.execute(() -> close(role.role())));
    }
    running.clear();
    if (ledger != null) {
      close(ledger.role());
    }
  }

  private static void close(AutoCloseable role) {
    try {
      role.close();
    } catch (Exception e) {
      LoggerFactory.getLogger(Roles.class).atWarn().setCause(e).log("role did not stop cleanly");
    }
  }
}
