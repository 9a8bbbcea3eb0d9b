package io.countermand.app.role;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.Shutdown;
import io.countermand.app.config.Settings;
import io.countermand.door.Door;
import io.countermand.door.TokenFile;
import io.countermand.observe.Health;
import io.countermand.observe.OpsPort;
import io.countermand.observe.RoleInstance;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code door}. */
@Command(
    name = "door",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a door: cancels, mass cancels, outcomes and orders by HTTP, for programs that have no"
          + " Kafka client.",
      "Who may call stands in the file of door.tokens; make a token with `countermand door token`,"
          + " or is said by tokens of an OIDC issuer (door.oidc). /openapi.json says what may be asked."
    },
    subcommands = DoorCommand.Token.class)
public final class DoorCommand implements Callable<Integer> {

  private static final RoleInstance PART = RoleInstance.of("door");

  @Mixin private ConfigOption option = new ConfigOption();

  @Override
  public Integer call() throws InterruptedException {
    var config = option.load();
    try (var parts = new Shutdown()) {
      OpsPort ops = parts.add(Ops.open(config, PART));
      var masses = parts.add(DoorMasses.of(config));
      Door door = parts.add(Door.open(Settings.door(config), masses));
      ops.add(PART, Health.of(() -> false, door::missing));
      return RoleCommands.await(parts, "door", () -> false);
    }
  }

  /** {@code door token}. */
  @Command(
      name = "token",
      mixinStandardHelpOptions = true,
      description =
          "Makes a token: shows it once, and the line for the file of door.tokens, which holds its"
              + " hash only.")
  static final class Token implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "Whose it is.")
    private String name = "";

    @Option(
        names = "--verbs",
        paramLabel = "V",
        defaultValue = "cancel,read",
        description =
            "What it allows: cancel, read, mass-cancel (kill switches, too), release (of kill"
                + " switches). Default: cancel,read.")
    private String verbs = "";

    @Option(
        names = "--accounts",
        required = true,
        paramLabel = "A",
        description = "venue/account, several by comma; either may be *; * alone: all.")
    private String accounts = "";

    @Option(
        names = "--until",
        paramLabel = "TIME",
        description = "When it ends by itself, as 2027-06-30T18:00:00Z. Default: never.")
    private @Nullable Instant until;

    @Override
    public Integer call() {
      String token = TokenFile.newToken();
      try {
        String line =
            until == null
                ? TokenFile.line(token, name, verbs, accounts)
                : TokenFile.line(token, name, verbs, accounts, until);
        spec.commandLine().getOut().println("token  " + token);
        spec.commandLine().getOut().println("line   " + line);
      } catch (IllegalArgumentException e) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), String.valueOf(e.getMessage()));
      }
      return CommandLine.ExitCode.OK;
    }
  }
}
