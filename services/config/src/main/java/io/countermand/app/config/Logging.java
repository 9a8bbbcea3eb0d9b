package io.countermand.app.config;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.net.URL;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Where the log of this process goes; see {@code logback.xml}. */
public final class Logging {

  private static final String FILE = "countermand.log";
  private static final String LEVEL = "countermand.log.level";

  private Logging() {}

  /**
   * From now on to this file, as JSON lines, our own loggers at INFO; for commands whose output is
   * for people. A file or level that the user named stays. The directory is created.
   */
  public static void toFile(Path file) {
    if (System.getProperty(FILE) != null) {
      return;
    }
    System.setProperty(FILE, file.toString());
    if (System.getProperty(LEVEL) == null) {
      System.setProperty(LEVEL, "INFO");
    }
    URL configuration = Logging.class.getResource("/logback.xml");
    if (configuration == null
        || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext log)) {
      return;
    }
    log.reset();
    var configurator = new JoranConfigurator();
    configurator.setContext(log);
    try {
      configurator.doConfigure(configuration);
    } catch (JoranException e) {
      throw new IllegalStateException("logback.xml cannot be read", e);
    }
  }
}
