package io.countermand.simulation.run;

import io.countermand.simulation.Conduct;
import io.countermand.simulation.HistoryRunner;
import io.countermand.simulation.engine.FaultChances;
import io.countermand.simulation.engine.HistoryVerdict;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * {@code SimulationMain [histories] [first seed] [threads] [faults]}: prints progress, rate, first
 * failure. Which faults there are: DECISION.md.
 */
public final class SimulationMain {

  private static final int SHRINK_RUNS = 20_000;

  private SimulationMain() {}

  public static void main(String[] args) throws InterruptedException {
    long histories = args.length > 0 ? Long.parseLong(args[0]) : 100_000;
    long first = args.length > 1 ? Long.parseLong(args[1]) : 1;
    int threads = args.length > 2 ? Integer.parseInt(args[2]) : 1;
    FaultChances faults =
        switch (args.length > 3 ? args[3] : "all") {
          case "uncommitted" -> FaultChances.ALL.readUncommitted();
          case "mind" -> FaultChances.ALL.changingMind();
          case "stale" -> FaultChances.ALL.staleChangelogs();
          case "stops" -> FaultChances.ALL.stopping();
          case "failing" -> FaultChances.ALL.failingTakeovers();
          case "late" -> FaultChances.ALL.lateToRead();
          default -> FaultChances.ALL;
        };
    HistoryVerdict failing = run(histories, first, threads, faults);
    if (failing != null) {
      System.out.println(shortest(failing, faults).report());
      System.exit(1);
    }
  }

  /** The first failing history found; null: every promise was kept. */
  public static @Nullable HistoryVerdict run(
      long histories, long first, int threads, FaultChances faults) throws InterruptedException {
    var next = new AtomicLong(first);
    var intents = new AtomicLong();
    var failing = new AtomicReference<@Nullable HistoryVerdict>();
    long begin = System.nanoTime();
    Thread[] runners = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      runners[i] =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (long seed = next.getAndIncrement();
                        seed < first + histories && failing.get() == null;
                        seed = next.getAndIncrement()) {
                      HistoryVerdict verdict = HistoryRunner.run(seed, faults);
                      intents.addAndGet(verdict.intents());
                      if (!verdict.kept()) {
                        failing.compareAndSet(null, verdict);
                      }
                      long done = seed - first + 1;
                      if (done % 50_000 == 0) {
                        print(done, intents.get(), begin);
                      }
                    }
                  });
    }
    for (Thread runner : runners) {
      runner.join();
    }
    print(Math.min(histories, next.get() - first), intents.get(), begin);
    return failing.get();
  }

  /** A failing history, shrunk. */
  public static HistoryVerdict shortest(HistoryVerdict failing, FaultChances faults) {
    return Shrinker.shrink(failing, faults, Conduct.real(), SHRINK_RUNS);
  }

  private static void print(long done, long intents, long begin) {
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf(
        "%,d histories, %,d intents, %,.0f histories/s%n", done, intents, done / seconds);
  }
}
