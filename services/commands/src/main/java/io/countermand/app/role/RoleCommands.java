package io.countermand.app.role;

import io.countermand.app.cli.Shutdown;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one role until it is told to stop. */
final class RoleCommands {

  private static final Logger LOG = LoggerFactory.getLogger(RoleCommands.class);

  private RoleCommands() {}

  /** How a role says that it cannot go on. */
  interface Health {
    boolean failed();
  }

  /**
   * Waits for Ctrl-C or SIGTERM, or for the role to fail, and says so then.
   *
   * @return the exit code
   */
  static int await(Shutdown parts, String role, Health health) throws InterruptedException {
    while (!parts.asked()) {
      if (health.failed()) {
        LOG.atError().addKeyValue("role", role).log("the role has ended; this process exits");
        System.err.println("countermand: " + role + " has ended (the log says why); exiting");
        return 1;
      }
      Thread.sleep(200);
    }
    return 0;
  }
}
