package io.countermand.app.local;

import io.countermand.app.config.Config;
import io.countermand.platform.DataLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Whether a stack may be started so: what would open a locked one by mistake is refused. */
final class StackKind {

  /** Each role has a login of its own; and what it keeps is closed to others where the data is. */
  private static final List<String> NOT_LOCKED = List.of("kafka", "registry", "state-dir");

  private StackKind() {}

  /**
   * @throws IllegalArgumentException with what to do
   */
  static void require(LocalStack.Options options) throws IOException {
    data(options);
    if (options.locked()) {
      List<String> set = Config.variablesBelow(NOT_LOCKED, options.overrides());
      if (!set.isEmpty()) {
        throw new IllegalArgumentException(
            "with --locked each role has its own login and address, which "
                + String.join(", ", set)
                + " would replace: unset "
                + (set.size() == 1 ? "it" : "them"));
      }
    }
  }

  /**
   * Data is open or locked from its first start on, so that nobody opens it by mistake; and only
   * what is ours is closed to others.
   */
  private static void data(LocalStack.Options options) throws IOException {
    Path data = options.data();
    boolean was = StackLock.isIn(data);
    if (was && !options.locked()) {
      throw new IllegalArgumentException(
          data + " is locked: start it with --locked, or give another directory with --data");
    }
    if (options.locked() && !was && !isEmpty(data)) {
      throw new IllegalArgumentException(
          data
              + " was begun without --locked, or holds something else: give another directory with"
              + " --data");
    }
  }

  /** But for the lock that a start takes first. */
  private static boolean isEmpty(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return true;
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.allMatch(each -> each.getFileName().toString().equals(DataLock.FILE));
    }
  }
}
