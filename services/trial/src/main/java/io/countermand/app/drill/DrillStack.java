package io.countermand.app.drill;

import static java.util.Objects.requireNonNull;

import io.countermand.app.chaos.BrokerControl;
import io.countermand.app.chaos.ProcessControl;
import io.countermand.app.chaos.RoleControl;
import io.countermand.app.config.Config;
import io.countermand.app.local.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A local stack on which a drill can kill: the role that is to be killed is a process of its own.
 */
public final class DrillStack implements AutoCloseable {

  private static final String LOOPBACK = "127.0.0.1";

  /** What the launcher takes; all others of this name are configuration. */
  private static final Set<String> LAUNCHER =
      Set.of(
          "COUNTERMAND_JAVA_HOME",
          "COUNTERMAND_JAVA_OPTS",
          "COUNTERMAND_PLUGINS",
          "COUNTERMAND_AOT",
          "COUNTERMAND_LOG",
          "COUNTERMAND_REGISTRY_HOME");

  private final LocalStack local;
  private final Map<String, ProcessControl> victims;

  private DrillStack(LocalStack local, Map<String, ProcessControl> victims) {
    this.local = local;
    this.victims = victims;
  }

  /** Configuration in the environment, which a process that we start would obey, too. */
  public static Set<String> foreign(Map<String, String> environment) {
    Set<String> names = new TreeSet<>(environment.keySet());
    names.removeIf(name -> !name.startsWith("COUNTERMAND_") || LAUNCHER.contains(name));
    return names;
  }

  /**
   * Nothing in the environment counts, and nothing is called but this machine.
   *
   * @param data everything on disk
   * @param latency of the simulated venues
   * @param progress hears what is going on, a line each
   */
  public static DrillStack start(
      DrillPlan plan, Path data, String latency, Consumer<String> progress) throws IOException {
    var options =
        new LocalStack.Options(
            data, 0, 0, plan.venues(), latency, plan.lifted(), Map.of(), false, plan.seed());
    LocalStack local = LocalStack.start(options, progress);
    try {
      return of(local, plan.faults().kills());
    } catch (IOException | RuntimeException e) {
      local.close();
      throw e;
    }
  }

  /** One that runs, and that it closes. */
  public static DrillStack of(LocalStack local, List<String> kills) throws IOException {
    requireOurs(local.config());
    Map<String, ProcessControl> victims = new HashMap<>();
    for (String kill : kills) {
      if (kill.equals("broker")) {
        victims.put(kill, new BrokerControl(local.platform()));
      } else {
        Path data = requireNonNull(local.configFile().getParent());
        Path config = data.resolve(kill + ".yaml");
        Files.copy(local.configFile(), config);
        var role =
            new RoleControl(kill, List.of(kill, "--config", config.toString()), data, () -> {});
        local.roles().stop(kill);
        role.start();
        victims.put(kill, role);
      }
    }
    return new DrillStack(local, victims);
  }

  private static void requireOurs(Config config) {
    for (Config.Venue venue : config.venues().values()) {
      if (!LOOPBACK.equals(venue.baseUrl().getHost())) {
        throw new IllegalStateException(
            "venue " + venue.name() + " is not simulated here, so nothing is done");
      }
    }
  }

  LocalStack local() {
    return local;
  }

  /** Named as in {@link FaultPlan#kills}. */
  ProcessControl victim(String kill) {
    return requireNonNull(victims.get(kill), kill);
  }

  public boolean stopping() {
    return local.stopping();
  }

  @Override
  public void close() {
    victims.values().stream().filter(RoleControl.class::isInstance).forEach(ProcessControl::kill);
    local.close();
  }
}
