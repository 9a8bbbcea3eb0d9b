package io.countermand.platform;

import io.countermand.platform.process.ClassPath;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds the unpacked registry. */
final class RegistryHome {

  static final String PROPERTY = "countermand.registry.home";
  static final String VARIABLE = "COUNTERMAND_REGISTRY_HOME";

  private RegistryHome() {}

  static Path find() {
    return find(
        System.getProperty(PROPERTY), System.getenv(VARIABLE), ClassPath.of(RegistryHome.class));
  }

  /**
   * The directory that the property names, else the one that the variable names, else {@code
   * registry} beside this module's classes or jar, where the build unpacks it.
   */
  static Path find(@Nullable String property, @Nullable String variable, Path module) {
    String named = property != null ? property : variable;
    Path home = named != null ? Path.of(named) : module.resolveSibling("registry");
    if (!Files.isRegularFile(home.resolve("quarkus-run.jar"))) {
      throw new PlatformException(
          "No schema registry in "
              + home.toAbsolutePath()
              + ". Build the module "
              + "services/broker, which unpacks it, or name its directory (the one with "
              + "quarkus-run.jar) in -D"
              + PROPERTY
              + " or "
              + VARIABLE
              + ".");
    }
    return home.toAbsolutePath();
  }
}
