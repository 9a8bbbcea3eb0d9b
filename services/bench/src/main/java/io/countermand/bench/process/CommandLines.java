package io.countermand.bench.process;

import io.countermand.bench.load.BenchOptions;
import io.countermand.platform.process.ChildProcess;
import io.countermand.platform.process.ClassPath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of the processes: the same collector and as much heap for every variant. */
public final class CommandLines {

  /** Heap of a variant in one process. */
  static final List<String> WHOLE = List.of("-Xms256m", "-Xmx352m", "-Xmn128m");

  /** Heap of each of two processes. */
  static final List<String> HALF = List.of("-Xms128m", "-Xmx176m", "-Xmn64m");

  /** Heap of the simulator, which keeps its journal. */
  public static final List<String> SIMULATOR = List.of("-Xms256m", "-Xmx1g", "-Xmn128m");

  private static final String GC = "-XX:+UseParallelGC";
  private static final List<String> ROLE =
      List.of(
          "-Dcountermand.child=true", "-Dcountermand.log.level=INFO", ChildProcess.graceProperty());

  private CommandLines() {}

  /** A role of ours. */
  public static List<String> role(
      BenchOptions options, Path config, List<String> heap, String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config.toString()));
    return java(heap, ROLE, ClassPath.own(), options.main(), all);
  }

  /** A peer. */
  static List<String> peer(String classPath, String main, List<String> arguments) {
    return java(WHOLE, List.of(), classPath, main, arguments);
  }

  private static List<String> java(
      List<String> heap,
      List<String> properties,
      String classPath,
      String main,
      List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(ChildProcess.java());
    command.addAll(heap);
    command.add(GC);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(properties);
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(arguments);
    return command;
  }
}
