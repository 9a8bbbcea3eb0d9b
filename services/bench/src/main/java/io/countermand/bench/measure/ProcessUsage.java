package io.countermand.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Stream;

/**
 * What processes have used, by Linux.
 *
 * @param cpuSeconds user and system, since they began
 * @param compilerSeconds of these, those of the compilers' threads: what a JVM does only once
 * @param peakMegabytes resident at the most, each process by itself, summed
 */
public record ProcessUsage(double cpuSeconds, double compilerSeconds, double peakMegabytes) {

  private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux of today
  private static final int UTIME = 11; // fields after the command's closing parenthesis
  private static final int STIME = 12;

  public static ProcessUsage of(Collection<Long> pids) throws IOException {
    double cpu = 0;
    double compilers = 0;
    double peak = 0;
    for (long pid : pids) {
      Path process = Path.of("/proc", Long.toString(pid));
      cpu += cpuSeconds(Files.readString(process.resolve("stat")));
      compilers += compilerSeconds(process.resolve("task"));
      peak += peakMegabytes(Files.readString(process.resolve("status")));
    }
    return new ProcessUsage(cpu, compilers, peak);
  }

  private static double compilerSeconds(Path threads) throws IOException {
    try (Stream<Path> all = Files.list(threads)) {
      return all.map(ProcessUsage::stat)
          .filter(ProcessUsage::ofCompiler)
          .mapToDouble(ProcessUsage::cpuSeconds)
          .sum();
    }
  }

  /** Empty of a thread that has just ended. */
  private static String stat(Path thread) {
    try {
      return Files.readString(thread.resolve("stat"));
    } catch (IOException e) {
      return "";
    }
  }

  public static boolean ofCompiler(String stat) {
    return stat.contains("(C1 Compiler") || stat.contains("(C2 Compiler");
  }

  public static double cpuSeconds(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) / TICKS_PER_SECOND;
  }

  public static double peakMegabytes(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
        .sum();
  }
}
