package io.countermand.app.trial;

import io.countermand.simulation.engine.FaultChances;
import io.countermand.simulation.engine.HistoryVerdict;
import io.countermand.simulation.run.SimulationMain;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code histories}. */
@Command(
    name = "histories",
    mixinStandardHelpOptions = true,
    description =
        "Runs the real decisions through simulated histories of crashes, losses and races, and checks"
            + " the promises after each. Exit code 1, and the shortest failing history, if one is"
            + " broken.")
public final class HistoriesCommand implements Callable<Integer> {

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Histories to run. Default: ${DEFAULT-VALUE}.")
  private long count;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "First seed; each history has the next. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--threads",
      paramLabel = "T",
      defaultValue = "2",
      description = "Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Override
  public Integer call() throws InterruptedException {
    HistoryVerdict failing = SimulationMain.run(count, seed, threads, FaultChances.ALL);
    if (failing == null) {
      return 0;
    }
    System.out.println(SimulationMain.shortest(failing, FaultChances.ALL).report());
    return 1;
  }
}
