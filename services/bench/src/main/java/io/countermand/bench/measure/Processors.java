package io.countermand.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What all processors together have done since the machine began, by Linux.
 *
 * @param all ticks, idle ones included
 * @param stolen of these, when we wanted to run and the host let another machine run
 */
public record Processors(long all, long stolen) {

  private static final int STOLEN = 7;
  private static final int FIELDS = 8; // those after count in the first two again

  public static Processors now() throws IOException {
    return of(Files.readString(Path.of("/proc/stat")));
  }

  public static Processors of(String stat) {
    String[] fields = stat.substring(0, stat.indexOf('\n')).split(" +", -1);
    long[] ticks = Arrays.stream(fields).skip(1).limit(FIELDS).mapToLong(Long::parseLong).toArray();
    return new Processors(Arrays.stream(ticks).sum(), ticks[STOLEN]);
  }

  /** Share of the time since, in percent. */
  public double stolenSince(Processors before) {
    return 100.0 * (stolen - before.stolen) / Math.max(1, all - before.all);
  }
}
