package io.countermand.app.cli;

import io.countermand.app.config.Config;
import io.countermand.client.ClientException;
import io.countermand.events.serde.RegistryUnavailableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** What a person at a terminal is told of an error that is not ours: what, where, what to do. */
public final class Failures {

  private Failures() {}

  /**
   * One line.
   *
   * @return null: it is none that is known
   */
  public static @Nullable String text(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ClientException || cause instanceof RegistryUnavailableException) {
        return cause.getMessage();
      }
      if (cause instanceof TimeoutException) {
        return "Kafka does not answer: " + cause.getMessage();
      }
    }
    return null;
  }

  /**
   * Which addresses were meant, and where they come from.
   *
   * @param parsed the call that failed
   */
  public static String where(CommandLine.ParseResult parsed) {
    CommandLine.ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    for (CommandLine.Model.CommandSpec mixin : last.commandSpec().mixins().values()) {
      if (mixin.userObject() instanceof ConfigOption option) {
        Config config;
        try {
          config = option.load();
        } catch (RuntimeException e) { // it has changed meanwhile: what went wrong stands already
          return "";
        }
        return "  kafka.bootstrap-servers "
            + config.kafka().bootstrapServers()
            + ", registry.url "
            + config.registry().url()
            + (option.given() ? "" : " (no --config: these are the defaults)")
            + "; `countermand doctor` says what else is wrong";
      }
    }
    return "";
  }
}
