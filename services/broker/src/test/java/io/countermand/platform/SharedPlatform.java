package io.countermand.platform;

import java.nio.file.Path;
import java.nio.file.Paths;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One platform for all test classes that only use it; stopped when the last has run. */
final class SharedPlatform implements BeforeAllCallback {

  private static final Path DATA = Paths.get("target", "platform-" + ProcessHandle.current().pid());

  private static LocalPlatform platform;

  static synchronized LocalPlatform get() {
    if (platform == null) {
      throw new IllegalStateException("Add @ExtendWith(SharedPlatform.class).");
    }
    return platform;
  }

  static Path brokerLog() {
    return DATA.resolve("logs").resolve("broker.log");
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SharedPlatform.class))
        .computeIfAbsent("platform", key -> start(), AutoCloseable.class);
  }

  private static synchronized AutoCloseable start() {
    platform = LocalPlatform.start(new LocalPlatform.Options(DATA, 0, 0));
    return platform;
  }
}
