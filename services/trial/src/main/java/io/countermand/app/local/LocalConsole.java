package io.countermand.app.local;

import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.app.rights.Role;
import io.countermand.app.role.ConsoleActions;
import io.countermand.console.Console;
import io.countermand.console.ConsoleSettings;
import io.javalin.util.JavalinBindException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The console of a local stack. */
public final class LocalConsole {

  private static final Logger LOG = LoggerFactory.getLogger(LocalConsole.class);

  private LocalConsole() {}

  /** At the configured port, or at a free one where another stack has that. */
  public static Console open(LocalStack stack) {
    boolean acts = stack.config().console().actions();
    Config config = stack.config(acts ? Role.CONSOLE : Role.READER);
    ConsoleSettings settings = Settings.console(config);
    try {
      return Console.open(settings, ConsoleActions.of(config));
    } catch (JavalinBindException e) {
      LOG.atInfo().addKeyValue("port", settings.port()).log("the port is taken, using a free one");
      return Console.open(settings.atAnyPort(), ConsoleActions.of(config));
    }
  }
}
