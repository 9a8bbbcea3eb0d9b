package io.countermand.platform.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * AOT caches of child processes (JEP 483, 515): classes and profiles of an earlier run, so that a
 * child starts soon and compiles what matters first. The launcher says where they are, and when one
 * is to be written. One that does not fit is passed over without a word.
 */
public final class AotCache {

  /** System property: the directory of the caches. Without it there are none. */
  static final String DIRECTORY = "countermand.aot";

  /** System property: {@code true} makes each child write its cache as it ends. */
  static final String TRAIN = "countermand.aot.train";

  private static final List<String> QUIET = List.of("-Xlog:aot*=off", "-Xlog:cds*=off");

  private AotCache() {}

  /**
   * Options for a child's JVM.
   *
   * @param child its name, which is the cache's
   */
  public static List<String> options(String child) {
    String directory = System.getProperty(DIRECTORY);
    if (directory == null) {
      return List.of();
    }
    Path cache = Path.of(directory, child + ".aot").toAbsolutePath();
    boolean write = training();
    if (!write && !Files.exists(cache)) {
      return List.of();
    }
    String option = write ? "-XX:AOTCacheOutput=" : "-XX:AOTCache=";
    return List.of(option + cache, QUIET.get(0), QUIET.get(1));
  }

  /** Whether children take the time to write their caches as they end. */
  public static boolean training() {
    return Boolean.getBoolean(TRAIN);
  }
}
