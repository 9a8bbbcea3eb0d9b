package io.countermand.bench.process;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the peer is that must not share our class path. */
final class ParallelConsumer {

  static final String MAIN = "io.countermand.bench.parallel.ParallelConsumerMain";

  private ParallelConsumer() {}

  /**
   * The directory of its jars: the named one, or that of the distribution, beside the directory of
   * our own jar.
   */
  static Path home(@Nullable Path named) {
    Path home = named != null ? named : besideOurs();
    if (!Files.isDirectory(home)) {
      throw new IllegalStateException(
          "no parallel consumer in " + home + ": run the command of the distribution");
    }
    return home;
  }

  private static Path besideOurs() {
    try {
      Path jar =
          Path.of(
              ParallelConsumer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return jar.resolveSibling("../bench/parallel-consumer/lib").normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("our own jar is nowhere", e);
    }
  }
}
