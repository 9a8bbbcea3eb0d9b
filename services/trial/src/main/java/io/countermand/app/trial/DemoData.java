package io.countermand.app.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** The demo's directory: emptied before each run, but only if a demo made it. */
public final class DemoData {

  private static final String MARKER = ".countermand-demo";

  private DemoData() {}

  /**
   * @throws IllegalArgumentException if the directory holds something else
   */
  public static Path fresh(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (var files = Files.list(directory)) {
        if (files.findAny().isPresent() && !Files.exists(directory.resolve(MARKER))) {
          throw new IllegalArgumentException(
              directory + " is not empty and no demo made it; name another with --data");
        }
      }
      try (var all = Files.walk(directory)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    Files.createDirectories(directory);
    Files.writeString(directory.resolve(MARKER), "made by countermand demo\n");
    return directory;
  }
}
