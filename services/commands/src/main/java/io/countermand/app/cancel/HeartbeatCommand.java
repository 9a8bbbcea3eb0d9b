package io.countermand.app.cancel;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.OutcomeText;
import io.countermand.app.cli.TimeArguments;
import io.countermand.app.config.Settings;
import io.countermand.domain.mass.Heartbeat;
import io.countermand.kafka.KafkaConnection;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code heartbeat}. */
@Command(
    name = "heartbeat",
    mixinStandardHelpOptions = true,
    subcommands = HeartbeatListCommand.class,
    description = {
      "Arms a dead-man's switch: if no heartbeat follows within the time-out, all open orders of the"
          + " scope are cancelled. Without COMMAND one heartbeat; --off takes the switch off.",
      "With COMMAND it beats as long as that runs. If COMMAND ends with 0, the switch is taken off;"
          + " if it fails, or is killed, or this is, silence fires the switch."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      " 0:written; with COMMAND: that ended with 0, and the switch is off",
      " 1:not known to be written; COMMAND was not started, or the switch may be on still",
      " 2:wrong call or configuration, nothing was done",
      " n:with COMMAND: its own exit code, where that is not 0; the switch fires"
    })
public final class HeartbeatCommand implements Callable<Integer> {

  /** Longer than a record waits in the client. */
  private static final Duration WRITTEN_WITHIN = Duration.ofSeconds(60);

  private static final int A_FIFTH = 5;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Name of the switch; the last heartbeat of a name counts. Must be said.")
  private String id = "";

  @Mixin private ScopeOptions scope = new ScopeOptions();

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "Silence of so long fires, 1s to 24h. Left out: 5s.")
  private String timeout = "5s";

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      description = "With COMMAND: how often it beats. Left out: five times in the time-out.")
  private @Nullable String every;

  @Option(names = "--off", description = "Takes the switch off; what is open stays open.")
  private boolean off;

  @Option(names = "--reason", paramLabel = "TEXT", description = "For who sees what was fired.")
  private String reason = "";

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Whose heartbeat; left out: the user of this machine.")
  private String by = System.getProperty("user.name", "unknown");

  @Option(
      names = "--including-position-close",
      description = "Also at venues whose cancel closes the position (NeuraTrade).")
  private boolean includingPositionClose;

  @Option(names = "--json", description = "What was written, as JSON.")
  private boolean json;

  @Parameters(
      paramLabel = "COMMAND",
      arity = "0..*",
      description = "What is guarded, with its arguments; behind `--`.")
  private List<String> command = new ArrayList<>();

  @Mixin private ConfigOption option = new ConfigOption();

  @Override
  public Integer call() throws InterruptedException {
    if (id.isEmpty()) { // not required of `heartbeat list`
      throw wrong("--id: say which switch");
    }
    if (off && !command.isEmpty()) {
      throw wrong("--off guards no COMMAND");
    }
    Duration longest = timeout();
    Duration period =
        every == null
            ? longest.dividedBy(A_FIFTH)
            : TimeArguments.duration(
                spec.commandLine(), "--every", every, Duration.ofMillis(1), longest.dividedBy(2));
    Heartbeat word = word(off ? Duration.ZERO : longest);
    List<String> problems = word.problems();
    if (!problems.isEmpty()) {
      throw wrong(String.join("; ", problems));
    }
    KafkaConnection connection = Settings.brief(option.load());
    try (var heartbeats = new HeartbeatSender(connection)) {
      RecordMetadata at = written(heartbeats, word);
      if (at == null) {
        return CommandLine.ExitCode.SOFTWARE;
      }
      PrintWriter to = command.isEmpty() ? spec.commandLine().getOut() : err();
      to.println(text(word, at));
      to.flush();
      if (off) { // what is misspelled is off, too: nobody is asked before, lest it fire meanwhile
        err().println("`countermand heartbeat list` shows what is armed");
      }
      return command.isEmpty() ? CommandLine.ExitCode.OK : guard(heartbeats, period);
    }
  }

  private int guard(HeartbeatSender heartbeats, Duration period) throws InterruptedException {
    int code;
    try (var guard =
        new GuardedCommand(command, period, () -> heartbeats.send(word(timeout())), err())) {
      code = guard.await();
    } catch (IOException e) {
      err().println("COMMAND could not be started: " + e.getMessage());
      RecordMetadata at = written(heartbeats, word(Duration.ZERO));
      return at == null ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.USAGE;
    }
    if (code != 0) {
      err().println("COMMAND ended with " + code + ": the dead-man's switch " + id + " will fire");
      return code;
    }
    Heartbeat last = word(Duration.ZERO);
    RecordMetadata at = written(heartbeats, last);
    if (at == null) {
      err().println("NOT KNOWN whether the dead-man's switch is off: it may fire");
      return CommandLine.ExitCode.SOFTWARE;
    }
    err().println(text(last, at));
    return CommandLine.ExitCode.OK;
  }

  private @Nullable RecordMetadata written(HeartbeatSender heartbeats, Heartbeat word)
      throws InterruptedException {
    try {
      return heartbeats
          .send(word)
          .toCompletableFuture()
          .get(WRITTEN_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      err().println("the heartbeat is not known to be written: " + e.getCause());
    } catch (TimeoutException e) {
      err().println("the heartbeat is not known to be written: no answer");
    }
    return null;
  }

  private Heartbeat word(Duration silence) {
    return new Heartbeat(
        id, scope.scope(), silence, by, reason, includingPositionClose, Instant.now());
  }

  private String text(Heartbeat word, RecordMetadata at) {
    Instant appended = Instant.ofEpochMilli(at.timestamp());
    if (json) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("switchId", id);
      fields.put("timeoutMillis", word.timeout().toMillis());
      fields.put("at", List.of(at.topic(), at.partition(), at.offset()));
      fields.put("appendedAt", appended.toString());
      return OutcomeText.write(fields);
    }
    String where = " (" + at.topic() + "-" + at.partition() + "@" + at.offset() + ")";
    return word.off()
        ? "dead-man's switch " + id + " is off" + where
        : "dead-man's switch "
            + id
            + " ("
            + word.scope().words()
            + ") fires unless it hears more by "
            + appended.plus(word.timeout())
            + where;
  }

  private Duration timeout() {
    return TimeArguments.duration(
        spec.commandLine(), "--timeout", timeout, Heartbeat.SHORTEST, Heartbeat.LONGEST);
  }

  private ParameterException wrong(String text) {
    return new ParameterException(spec.commandLine(), text);
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
