package io.countermand.app.role;

import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.app.rights.Role;
import io.countermand.desk.Desk;
import io.countermand.kafka.trace.Hops;
import io.countermand.ledger.Ledger;
import io.countermand.observe.Health;
import io.countermand.observe.OpsPort;
import io.countermand.observe.RoleInstance;
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
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Desk, ledger and feeds in this JVM, each of which can be stopped and started by itself. */
public final class Roles implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Roles.class);
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);

  private final Function<Role, Config> configs;
  private final OpsPort ops;
  private final Hops hops;
  private final Limits limits = new Limits(Clock.systemUTC());
  private final Map<String, Running> running = new LinkedHashMap<>();

  private record Running(AutoCloseable role, BooleanSupplier ready, Health health) {}

  /**
   * @param ops hears of each role that runs
   */
  public Roles(Config config, OpsPort ops) {
    this(_ -> config, ops, Hops.NONE);
  }

  /**
   * @param configs of DESK, LEDGER and FEED, each with a login of its own
   * @param ops hears of each role that runs
   * @param hops hears of sampled traces
   */
  public Roles(Function<Role, Config> configs, OpsPort ops, Hops hops) {
    this.hops = hops;
    this.configs = configs;
    this.ops = ops;
  }

  /** Starts all of them; returns when they are ready. */
  public void startAll() {
    List<String> names = names();
    ops.expect(names.stream().map(RoleInstance::of).toList());
    names.forEach(this::start);
    awaitReady();
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(List.of("ledger", "desk"));
    for (Config.Venue venue : configs.apply(Role.FEED).venues().values()) {
      var can = Venues.provider(venue.adapter()).capabilities();
      // Lists cost calls of the rate, so they are asked for where that is said.
      if (can.hasFeed() || (can.canList() && venue.pollEvery() != null)) {
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
            Desk.start(
                Settings.desk(configs.apply(Role.DESK), Set.of(), limits, Clock.systemUTC())
                    .told(hops),
                ops.meters());
        yield running(name, desk, desk::ready, Ops.of(desk));
      }
      case "ledger" -> {
        Ledger ledger =
            Ledger.start(Settings.ledger(configs.apply(Role.LEDGER)).told(hops), ops.meters());
        yield running(name, ledger, ledger.role()::ready, Ops.of(ledger));
      }
      case String feed when feed.startsWith("feed ") -> {
        VenueFeed stream =
            VenueFeed.start(configs.apply(Role.FEED), feed.substring("feed ".length()), limits);
        yield running(name, stream, stream::healthy, Ops.of(stream));
      }
      default -> throw new IllegalArgumentException("no role '" + name + "'");
    };
  }

  private Running running(String name, AutoCloseable role, BooleanSupplier ready, Health health) {
    ops.add(RoleInstance.of(name), health);
    return new Running(role, ready, health);
  }

  /**
   * Starts all of them, each for itself: one that cannot start takes no other along.
   *
   * @return which could not start, and why; health says that they are not there
   */
  Map<String, String> startEach() {
    List<String> names = names();
    ops.expect(names.stream().map(RoleInstance::of).toList());
    Map<String, String> not = new LinkedHashMap<>();
    for (String name : names) {
      try {
        start(name);
      } catch (RuntimeException e) {
        LOG.atError().addKeyValue("role", name).setCause(e).log("the role could not start");
        not.put(name, String.valueOf(e.getMessage()));
      }
    }
    return not;
  }

  /** What each role that runs lacks to do its work; empty: all are ready. */
  synchronized Map<String, List<String>> missing() {
    Map<String, List<String>> missing = new LinkedHashMap<>();
    running.forEach(
        (name, role) -> {
          List<String> of = role.health().missing();
          if (!of.isEmpty()) {
            missing.put(name, of);
          }
        });
    return missing;
  }

  /** The roles that have ended and do not come back by themselves. */
  synchronized List<String> failed() {
    return running.entrySet().stream()
        .filter(role -> role.getValue().health().failed())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** A clean stop. */
  public synchronized void stop(String name) {
    Running role = running.remove(name);
    if (role != null) {
      ops.remove(RoleInstance.of(name));
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
              "not every role became ready in a minute: "
                  + missing()
                  + "; see the log in the data directory");
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
      LOG.atWarn().setCause(e).log("role did not stop cleanly");
    }
  }
}
