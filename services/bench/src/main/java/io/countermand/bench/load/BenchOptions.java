package io.countermand.bench.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to run.
 *
 * @param pairs rounds in which each variant runs once
 * @param budget no pair but the first begins that would end later, if it takes as long as the
 *     longest so far
 * @param variants by their labels
 * @param loads as {@link BenchStep} knows them, and {@code default-rates}
 * @param steady how long a steady load lasts
 * @param warmUp how long each variant is warmed up, before a burst
 * @param warmUpBurst intents
 * @param warmUpRests how often, at the most, it then rests and is loaded again for half as long
 * @param cold no warm-up but for the broker: as after a start
 * @param jvm more options for the JVMs of Countermand's roles
 * @param partitions of all topics
 * @param desks processes, where Countermand's roles are apart
 * @param orders of each venue in the load at the adapters' own rates
 * @param data an empty directory
 * @param main class of the {@code countermand} command, on our own class path
 * @param parallelConsumer directory with the jars of that peer; null: as the build leaves it
 */
public record BenchOptions(
    int pairs,
    Duration budget,
    List<String> variants,
    List<String> loads,
    Duration steady,
    Duration warmUp,
    int warmUpBurst,
    int warmUpRests,
    boolean cold,
    List<String> jvm,
    int partitions,
    int desks,
    int orders,
    Path data,
    String main,
    @Nullable Path parallelConsumer) {

  /** The load at the adapters' own rates. */
  public static final String DEFAULT_RATES = "default-rates";

  public static final List<String> ALL_VARIANTS =
      Arrays.stream(Variant.values()).map(Variant::label).toList();
  public static final List<String> QUICK_VARIANTS =
      List.of(
          Variant.FLOOR.label(), Variant.PARALLEL_CONSUMER.label(), Variant.COUNTERMAND.label());
  public static final List<String> ALL_LOADS = List.of("300", "1000", "burst", "burst-terminal");
  public static final List<String> QUICK_LOADS = List.of("300", "1000", "burst");

  /**
   * @throws IllegalArgumentException naming what makes no sense
   */
  public BenchOptions {
    variants.forEach(Variant::of);
    loads.stream().filter(load -> !own(load)).forEach(load -> BenchStep.of(load, steady));
    if (pairs < 1
        || partitions < 1
        || desks < 1
        || orders < 1
        || variants.isEmpty()
        || loads.isEmpty()) {
      throw new IllegalArgumentException(
          "at least one pair, one variant, one load, one partition, one desk and one order");
    }
  }

  public List<Variant> chosen() {
    return variants.stream().map(Variant::of).toList();
  }

  /** Whether the load at the adapters' own rates is asked for, which no peer has. */
  public boolean defaultRates() {
    return loads.stream().anyMatch(BenchOptions::own);
  }

  private static boolean own(String load) {
    return load.equals(DEFAULT_RATES);
  }

  public List<BenchStep> steps() {
    return loads.stream()
        .filter(load -> !own(load))
        .map(load -> BenchStep.of(load, steady))
        .toList();
  }
}
