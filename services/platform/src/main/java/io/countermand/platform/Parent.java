package io.countermand.platform;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The child's end of the tie between a child process and the one that started it. Uses nothing but
 * the JDK: it also runs inside the registry's own class path.
 */
public final class Parent {

  /** System property: seconds that a clean shutdown may take. */
  public static final String GRACE = "countermand.child.grace.seconds";

  @SuppressWarnings("unused") // Kept open for as long as the process lives.
  private static @Nullable FileLock held;

  private Parent() {}

  /**
   * Waits until a predecessor on the same data has gone: after a SIGKILL of the parent its children
   * take a moment to end, and the next start must not meet them.
   */
  static void waitForPredecessor(Path directory) throws IOException {
    held =
        FileChannel.open(
                directory.resolve("process.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)
            .lock();
  }

  /**
   * Ends this process when standard input ends. The parent never writes; its death, of whatever
   * kind, closes the pipe.
   */
  public static void dieWithParent() {
    ignoreInterrupts();
    Thread watch = new Thread(Parent::watch, "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }

  /**
   * A Ctrl-C at the terminal reaches every process in front; the parent first wants to finish what
   * it does with this one. By reflection: javac cannot be told to accept sun.misc.
   */
  private static void ignoreInterrupts() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ignore =
          Proxy.newProxyInstance(
              Parent.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, args) -> null);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("INT"), ignore);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      System.err.println("Ctrl-C will stop this process at once: " + e);
    }
  }

  private static void watch() {
    try {
      while (System.in.read() >= 0) {
        // Nobody writes here; what comes is ignored.
      }
    } catch (IOException e) {
      // A broken pipe says the same as its end.
    }
    Thread halt = new Thread(Parent::haltAfterGrace, "halt");
    halt.setDaemon(true);
    halt.start();
    System.exit(0);
  }

  private static void haltAfterGrace() {
    try {
      Thread.sleep(1000L * Integer.getInteger(GRACE, 10));
    } catch (InterruptedException e) {
      // Then at once.
    }
    Runtime.getRuntime().halt(1);
  }
}
