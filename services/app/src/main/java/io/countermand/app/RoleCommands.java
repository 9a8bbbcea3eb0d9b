package io.countermand.app;

/** Runs one role until it is told to stop. */
final class RoleCommands {

  private RoleCommands() {}

  /** How a role says that it cannot go on. */
  interface Health {
    boolean failed();
  }

  /**
   * Waits for Ctrl-C or SIGTERM, or for the role to fail.
   *
   * @return the exit code
   */
  static int await(Shutdown parts, Health health) throws InterruptedException {
    while (!parts.asked()) {
      if (health.failed()) {
        return 1;
      }
      Thread.sleep(200);
    }
    return 0;
  }
}
