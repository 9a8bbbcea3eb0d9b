package io.countermand.bench.process;

import io.countermand.bench.load.BenchOptions;
import io.countermand.bench.measure.ProcessUsage;
import io.countermand.platform.process.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The desk as a process of its own, with a state directory that can be lost. */
public final class DeskProcess implements AutoCloseable {

  /** CPU seconds in a second of a desk that has nothing to do. */
  private static final double STILL_CPU = 0.1;

  private static final int STILL_SECONDS = 5;

  private final BenchOptions options;
  private final BenchCluster stage;
  private final Path directory;
  private final String name;
  private final int port;
  private final Path state;
  private ChildProcess child;
  private int starts;

  /**
   * Starts it.
   *
   * @param name its own; its stores have a directory of that name
   * @param port of the simulator
   * @param standbys how many it wants of each store, on others
   */
  public DeskProcess(BenchOptions options, BenchCluster stage, String name, int port, int standbys)
      throws IOException {
    this.options = options;
    this.stage = stage;
    this.directory = Files.createDirectories(options.data().resolve("desk"));
    this.name = name;
    this.port = port;
    this.state = options.data().resolve("state").resolve(name);
    this.child = launch(standbys);
  }

  private ChildProcess launch(int standbys) throws IOException {
    Path config =
        RoleConfig.write(
            options, stage, directory, port, new RoleConfig.Instance(name, state, standbys));
    return ChildProcess.start(
        name,
        CommandLines.role(options, config, CommandLines.WHOLE, "desk"),
        options.data(),
        directory.resolve(name + "-" + ++starts + ".log"));
  }

  public List<Long> pids() {
    return List.of(child.pid());
  }

  public boolean alive() {
    return child.isAlive();
  }

  /** Starts it again, after {@link #stop} or while it runs. */
  public void restart(int standbys) throws IOException {
    child.close();
    child = launch(standbys);
  }

  public void stop() {
    child.close();
  }

  /** Only of one that has been stopped. */
  public void loseDisk() throws IOException {
    try (Stream<Path> files = Files.walk(state)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Returns when it has had next to nothing to do for some seconds: its copies are up to date. */
  public void awaitRest() throws IOException, InterruptedException {
    int still = 0;
    double before = ProcessUsage.of(pids()).cpuSeconds();
    while (still < STILL_SECONDS) {
      Thread.sleep(1_000);
      double now = ProcessUsage.of(pids()).cpuSeconds();
      still = now - before < STILL_CPU ? still + 1 : 0;
      before = now;
    }
  }

  public double diskMegabytes() throws IOException {
    try (Stream<Path> files = Files.walk(state)) {
      return files.filter(Files::isRegularFile).mapToLong(DeskProcess::size).sum() / 1048576.0;
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
