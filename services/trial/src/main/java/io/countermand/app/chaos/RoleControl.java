package io.countermand.app.chaos;

import io.countermand.app.cli.MainClass;
import io.countermand.platform.process.ChildProcess;
import io.countermand.platform.process.ClassPath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A role of ours as a child process, which ends when we do. Each start has a log of its own. */
public final class RoleControl implements ProcessControl {

  private final String name;
  private final List<String> arguments;
  private final Path directory;
  private final Runnable started;
  private @Nullable ChildProcess child;
  private int starts;

  /**
   * @param arguments of the {@code countermand} command
   * @param directory of the run; logs are in {@code logs}
   * @param started called after each start, before the process is ready
   */
  public RoleControl(String name, List<String> arguments, Path directory, Runnable started) {
    this.name = name;
    this.arguments = arguments;
    this.directory = directory;
    this.started = started;
  }

  @Override
  public synchronized void start() {
    if (!alive()) {
      String log = name + "-" + ++starts + ".log";
      child =
          ChildProcess.start(name, command(), directory, directory.resolve("logs").resolve(log));
      started.run();
    }
  }

  @Override
  public synchronized void kill() {
    if (child != null) {
      child.kill();
    }
  }

  @Override
  public synchronized boolean alive() {
    return child != null && child.isAlive();
  }

  @Override
  public synchronized long pid() {
    return child == null ? 0 : child.pid();
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(ChildProcess.java());
    command.addAll(
        List.of(
            "-Xms32m",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED",
            "-Dcountermand.child=true",
            "-Dcountermand.log.level=INFO",
            ChildProcess.graceProperty(),
            "-cp",
            ClassPath.own(),
            MainClass.NAME));
    command.addAll(arguments);
    return command;
  }
}
