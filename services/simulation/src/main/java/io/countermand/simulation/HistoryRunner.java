package io.countermand.simulation;

import io.countermand.simulation.engine.Choices;
import io.countermand.simulation.engine.FaultChances;
import io.countermand.simulation.engine.HistoryVerdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs one history from its seed. Same seed, faults and conduct: same history. */
public final class HistoryRunner {

  private static final int MOST_STEPS = 20_000;

  /** Every deadline is over by then. */
  private static final long LONG_AFTER = 60_000;

  private HistoryRunner() {}

  public static HistoryVerdict run(long seed, FaultChances faults) {
    return run(seed, faults, Conduct.real());
  }

  public static HistoryVerdict run(long seed, FaultChances faults, Conduct conduct) {
    return run(seed, Choices.seeded(seed), faults, conduct, null);
  }

  /** The same with the whole story told. */
  public static HistoryVerdict tell(long seed, FaultChances faults, Conduct conduct) {
    return run(seed, Choices.seeded(seed), faults, conduct, new ArrayList<>());
  }

  public static HistoryVerdict replay(
      long seed, int[] script, FaultChances faults, Conduct conduct, boolean tell) {
    return run(seed, Choices.scripted(script), faults, conduct, tell ? new ArrayList<>() : null);
  }

  /** The topics that one history leaves. */
  public static Recording record(long seed, FaultChances faults) {
    var world = new World(Choices.seeded(seed), faults, Conduct.real(), null);
    var _ = run(seed, world);
    return Recording.of(world);
  }

  private static HistoryVerdict run(
      long seed,
      Choices choices,
      FaultChances faults,
      Conduct conduct,
      @Nullable List<String> story) {
    return run(seed, new World(choices, faults, conduct, story));
  }

  private static HistoryVerdict run(long seed, World world) {
    var venue = new SimulatedVenue(world);
    new Scenario(world, venue).plan();
    var ownership = Ownership.first(world);
    ownership.join(new SimulatedDesk(world, "desk-1", ownership, venue));
    ownership.join(new SimulatedDesk(world, "desk-2", ownership, venue));
    if (world.choices.chance(100)) {
      new HandOverStep(world, venue).plan();
    }
    var ledger = new SimulatedLedger(world);
    if (!world.time.run(MOST_STEPS)) {
      world.broke("1: it never comes to rest");
    } else if (world.faults.offsets() > 0 && world.choices.chance(world.faults.offsets())) {
      world.time.after(LONG_AFTER, () -> losesOffsets(world, ledger, ownership));
      if (!world.time.run(MOST_STEPS)) {
        world.broke("1: it never comes to rest after its offsets were lost");
      }
    }
    new Promises(world).check(ledger);
    return new HistoryVerdict(
        seed,
        List.copyOf(world.broken),
        world.choices,
        world.told(),
        world.intents.end(),
        world.outcomes.committed().size());
  }

  /** The ledger's, the desks', or both. */
  private static void losesOffsets(World world, SimulatedLedger ledger, Ownership desks) {
    int whose = world.choices.pick(3);
    if (whose != 1) {
      ledger.losesOffsets();
    } else {
      ledger.forgets();
    }
    if (whose != 0) {
      desks.losesOffsets();
    }
  }
}
