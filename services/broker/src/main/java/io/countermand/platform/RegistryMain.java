package io.countermand.platform;

import java.nio.file.Path;

/** A registry as a child process: ties it to the parent, then runs Quarkus' own main. */
final class RegistryMain {

  private RegistryMain() {}

  /** One argument: the data directory. Uses nothing but the JDK, see {@link Parent}. */
  public static void main(String[] args) throws Exception {
    Parent.waitForPredecessor(Path.of(args[0]));
    Parent.dieWithParent();
    Class.forName("io.quarkus.bootstrap.runner.QuarkusEntryPoint")
        .getMethod("main", String[].class)
        .invoke(null, (Object) new String[0]);
  }
}
