package io.countermand.platform.process;

import io.countermand.platform.Parent;
import io.countermand.platform.PlatformException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A process of ours that ends when we do: its standard input is a pipe that only we hold. */
public final class ChildProcess implements AutoCloseable {

  private static final Duration READY = Duration.ofSeconds(60);

  /** Of a clean shutdown; writing an AOT cache takes longer. */
  private static final Duration GRACE = Duration.ofSeconds(AotCache.training() ? 120 : 10);

  private static final int TAIL = 15;

  private final String name;
  private final Process process;
  private final Path log;

  private ChildProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /** Starts a process; its output goes to the log, which begins anew. */
  public static ChildProcess start(String name, List<String> command, Path directory, Path log) {
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new ChildProcess(name, process, log);
    } catch (IOException e) {
      throw new PlatformException(
          "The "
              + name
              + " cannot be started: "
              + e.getMessage()
              + ". Check that a Java "
              + "runtime is at "
              + command.get(0)
              + " and that "
              + directory
              + " is writable.",
          e);
    }
  }

  /** The Java launcher of this very process. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** For a child that calls {@link Parent#dieWithParent}. */
  public static String graceProperty() {
    return "-D" + Parent.GRACE + "=" + (GRACE.toSeconds() - 1);
  }

  /** Returns once the child is ready; fails when it ends before, or takes more than a minute. */
  public void await(BooleanSupplier ready) {
    long deadline = System.nanoTime() + READY.toNanos();
    while (!ready.getAsBoolean()) {
      if (endsWithin(Duration.ofMillis(25))) {
        throw new PlatformException(
            "The "
                + name
                + " ended with status "
                + process.exitValue()
                + " while starting. "
                + tail());
      }
      if (System.nanoTime() > deadline) {
        close();
        throw new PlatformException(
            "The " + name + " was not ready within " + READY.toSeconds() + " s. " + tail());
      }
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /** SIGKILL: no clean shutdown. Returns when the process has gone. */
  public void kill() {
    process.destroyForcibly();
    endsWithin(GRACE);
  }

  /** Clean shutdown, which may take 10 s (two minutes while AOT caches are made); then SIGKILL. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // It has gone already, which is what we want.
    }
    if (!endsWithin(GRACE)) {
      kill();
    }
  }

  private boolean endsWithin(Duration time) {
    try {
      return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new PlatformException("Interrupted while waiting for the " + name + ".", e);
    }
  }

  private String tail() {
    try {
      List<String> lines = Files.readAllLines(log);
      List<String> last = lines.subList(Math.max(0, lines.size() - TAIL), lines.size());
      return "The end of " + log + ":\n  " + String.join("\n  ", last);
    } catch (IOException e) {
      return "See " + log + ".";
    }
  }
}
