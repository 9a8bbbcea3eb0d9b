package io.countermand.app.role;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.Shutdown;
import io.countermand.app.config.Settings;
import io.countermand.app.tracing.Tracing;
import io.countermand.observe.OpsPort;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code roles}. */
@Command(
    name = "roles",
    mixinStandardHelpOptions = true,
    description = "Runs ledger, desk and feeds of all configured venues in this one process.")
public final class RolesCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Mixin private ConfigOption option = new ConfigOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    var config = option.load(venue -> true);
    Settings.checkToStart(config); // all problems at once, before anything runs
    try (var parts = new Shutdown()) {
      OpsPort ops = parts.add(Ops.open(config));
      Tracing tracing = parts.add(Tracing.open(config, ops.meters()));
      Roles roles = parts.add(new Roles(_ -> config, ops, tracing.hops()));
      Map<String, String> not = roles.startEach();
      not.forEach((role, why) -> say(role + " cannot start: " + why));
      if (not.containsKey("desk") || not.containsKey("ledger")) {
        return 1; // without these nothing is answered: whoever looks after us may start us again
      }
      Thread watch = Thread.ofVirtual().start(() -> tell(roles));
      try {
        return RoleCommands.await(parts, "a role", () -> ended(roles));
      } finally {
        watch.interrupt();
      }
    }
  }

  private boolean ended(Roles roles) {
    List<String> failed = roles.failed();
    failed.forEach(role -> say(role + " has ended"));
    return !failed.isEmpty();
  }

  /** Once after some time, and when all are ready: a venue that is away keeps no other waiting. */
  private void tell(Roles roles) {
    try {
      Instant end = Instant.now().plus(PATIENCE);
      while (!roles.missing().isEmpty()) {
        if (end != null && Instant.now().isAfter(end)) {
          roles.missing().forEach((role, what) -> say(role + " is not ready yet: " + what));
          end = null;
        }
        Thread.sleep(100);
      }
      say("all roles are ready");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void say(String text) {
    spec.commandLine().getErr().println("countermand: " + text);
  }
}
