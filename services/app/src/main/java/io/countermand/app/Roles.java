package io.countermand.app;

import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.desk.Desk;
import io.countermand.ledger.Ledger;
import io.countermand.observe.OpsPort;
import io.countermand.observe.Part;
import io.countermand.venues.Venues;
import io.countermand.venues.limits.Limits;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;

/** Desk, ledger and feeds in this JVM, each of which can be stopped and started by itself. */
public final class Roles implements AutoCloseable {

  private static final Duration READY_WITHIN = Duration.ofSeconds(60);

  private final Config config;
  private final OpsPort ops;
  private final Limits limits = new Limits(Clock.systemUTC());
  private final Map<String, Running> running = new LinkedHashMap<>();

  private record Running(AutoCloseable role, BooleanSupplier ready) {}

  /**
   * @param ops hears of each role that runs
   */
  Roles(Config config, OpsPort ops) {
    this.config = config;
    this.ops = ops;
  }

  /** Starts all of them; returns when they are ready. */
  void startAll() {
    List<String> names = names();
    ops.expect(names.stream().map(Part::of).toList());
    names.forEach(this::start);
    awaitReady();
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(List.of("ledger", "desk"));
    for (Config.Venue venue : config.venues().values()) {
      if (Venues.provider(venue.adapter()).capabilities().hasFeed()) {
        names.add("feed " + venue.name());
      }
    }
    return names;
  }

  /**
   * @param name {@code desk}, {@code ledger} or {@code feed VENUE}
   */
  public synchronized void start(String name) {
    running.computeIfAbsent(name, this::started);
  }

  private Running started(String name) {
    return switch (name) {
      case "desk" -> {
        Desk desk =
            Desk.start(Settings.desk(config, Set.of(), limits, Clock.systemUTC()), ops.meters());
        ops.add(Part.of(name), Ops.of(desk));
        yield new Running(desk, desk::ready);
      }
      case "ledger" -> {
        Ledger ledger = Ledger.start(Settings.ledger(config), ops.meters());
        ops.add(Part.of(name), Ops.of(ledger));
        yield new Running(ledger, ledger.role()::ready);
      }
      case String feed when feed.startsWith("feed ") -> {
        VenueFeed stream = VenueFeed.start(config, feed.substring("feed ".length()), limits);
        ops.add(Part.of(name), Ops.of(stream));
        yield new Running(stream, stream::healthy);
      }
      default -> throw new IllegalArgumentException("no role '" + name + "'");
    };
  }

  /** A clean stop. */
  public synchronized void stop(String name) {
    Running role = running.remove(name);
    if (role != null) {
      ops.remove(Part.of(name));
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

  /** Stops the desk first, so that nothing new is begun, and the ledger last. */
  @Override
  public synchronized void close() {
    stop("desk");
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
