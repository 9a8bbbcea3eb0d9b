package io.countermand.bench;

import io.countermand.platform.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The gate as a process of its own, with a state directory that can be lost. */
final class GateProcess implements AutoCloseable {

  private final BenchOptions options;
  private final Path config;
  private final Path state;
  private Child child;
  private int starts;

  GateProcess(BenchOptions options, Stage stage) throws IOException {
    this.options = options;
    Path directory = Files.createDirectories(options.data().resolve("gate"));
    this.config = RoleConfig.write(options, stage, directory, 0);
    this.state = options.data().resolve("state");
    this.child = launch();
  }

  private Child launch() {
    return Child.start(
        "gate",
        Commands.role(options, config, Commands.WHOLE, "gate"),
        options.data(),
        options.data().resolve("gate").resolve("gate-" + ++starts + ".log"));
  }

  List<Long> pids() {
    return List.of(child.pid());
  }

  boolean alive() {
    return child.isAlive();
  }

  /**
   * @param disk whether the stores are kept
   */
  void restart(boolean disk) throws IOException {
    child.close();
    if (!disk) {
      try (Stream<Path> files = Files.walk(state)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    child = launch();
  }

  double diskMegabytes() throws IOException {
    try (Stream<Path> files = Files.walk(state)) {
      return files.filter(Files::isRegularFile).mapToLong(GateProcess::size).sum() / 1048576.0;
    }
  }

  private static long size(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0; // RocksDB deletes files as it likes
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    child.close();
  }
}
