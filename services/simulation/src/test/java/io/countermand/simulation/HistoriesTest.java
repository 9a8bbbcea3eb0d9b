package io.countermand.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.simulation.engine.FaultChances;
import io.countermand.simulation.engine.HistoryVerdict;
import io.countermand.simulation.run.Shrinker;
import io.countermand.simulation.run.SimulationMain;
import org.junit.jupiter.api.Test;

class HistoriesTest {

  @Test
  void shouldKeepEveryPromiseInTwentyThousandHistories() throws InterruptedException {
    // When
    HistoryVerdict failing = SimulationMain.run(20_000, 1, 1, FaultChances.ALL);

    // Then
    assertThat(failing == null ? "" : SimulationMain.shortest(failing, FaultChances.ALL).report())
        .isEmpty();
  }

  @Test
  void shouldKeepThemWhereTheLedgerReadsSomeRecordsLater() throws InterruptedException {
    // Given
    FaultChances late = FaultChances.ALL.lateToRead();
    // When
    HistoryVerdict failing = SimulationMain.run(5_000, 1, 1, late);
    // Then
    assertThat(failing == null ? "" : SimulationMain.shortest(failing, late).report()).isEmpty();
  }

  @Test
  void shouldKeepThemWhereDesksCallNobodyForAWhile() throws InterruptedException {
    // Given
    FaultChances stops = FaultChances.ALL.stopping();
    // When
    HistoryVerdict failing = SimulationMain.run(5_000, 1, 1, stops);
    // Then
    assertThat(failing == null ? "" : SimulationMain.shortest(failing, stops).report()).isEmpty();
  }

  @Test
  void shouldKeepItsPromisesWhereTasksFailBeforeTheyHaveBegun() throws InterruptedException {
    // When
    FaultChances fails = FaultChances.ALL.failingTakeovers();
    HistoryVerdict failing = SimulationMain.run(5_000, 1, 1, fails);

    // Then
    assertThat(failing == null ? "" : SimulationMain.shortest(failing, fails).report()).isEmpty();
  }

  @Test
  void shouldCallEachRoutedCancelOnceWithoutFaults() throws InterruptedException {
    // When
    HistoryVerdict failing = SimulationMain.run(20_000, 1, 1, FaultChances.NONE);

    // Then
    assertThat(failing == null ? "" : SimulationMain.shortest(failing, FaultChances.NONE).report())
        .isEmpty();
  }

  @Test
  void shouldTellTheSameStoryForTheSameSeed() {
    for (long seed = 1; seed <= 200; seed++) {
      // Given
      HistoryVerdict first = HistoryRunner.tell(seed, FaultChances.ALL, Conduct.real());

      // When
      HistoryVerdict second = HistoryRunner.tell(seed, FaultChances.ALL, Conduct.real());

      // Then
      assertThat(second.story()).isNotEmpty().isEqualTo(first.story());
      assertThat(second.choices().made()).isEqualTo(first.choices().made());
    }
  }

  @Test
  void shouldRunAHistoryAgainFromItsChoicesAlone() {
    // Given
    HistoryVerdict first = HistoryRunner.tell(7, FaultChances.ALL, Conduct.real());

    // When
    HistoryVerdict again =
        HistoryRunner.replay(7, first.choices().made(), FaultChances.ALL, Conduct.real(), true);

    // Then
    assertThat(again.story()).isEqualTo(first.story());
  }

  @Test
  void shouldMakeAFailingHistoryShorter() {
    // Given
    Conduct broken = Mutant.AMBIGUOUS_COUNTS_AS_NOT_SENT.conduct;
    HistoryVerdict failing = firstFailing(broken);

    // When
    HistoryVerdict shortest = Shrinker.shrink(failing, FaultChances.ALL, broken, 5_000);

    // Then
    assertThat(shortest.promise()).isEqualTo(failing.promise());
    assertThat(shortest.intents()).isLessThan(failing.intents());
    assertThat(shortest.choices().made().length).isLessThan(failing.choices().made().length);
    assertThat(shortest.report()).contains("producer intent@0", "breaks:");
  }

  @Test
  void shouldHaveItsFaultsHappen() {
    // Given
    var seen = new StringBuilder();

    // When
    for (long seed = 1; seed <= 1000; seed++) {
      HistoryRunner.tell(seed, FaultChances.ALL.stopping(), Conduct.real())
          .story()
          .forEach(line -> seen.append(line).append('\n'));
    }

    // Then
    assertThat(seen)
        .contains("desk-1   is killed", "desk-2   is killed", "ledger   is killed")
        .contains("desk-1   is paused", "desk-2   is paused", "ledger   is paused")
        .contains("refuses the connection", "the answer is lost", "successor", "Join", "Repeat")
        .contains("dead letters", "conflict", "UNRESOLVED", "PENDING", "CANCELED", "REJECTED")
        .contains("Route queued", "QUEUE_FULL", "restores", "waited in vain", "was expelled")
        .contains("loses a record", "loses a record, it thinks")
        .contains("calls nobody for", "has another for");
  }

  private static HistoryVerdict firstFailing(Conduct conduct) {
    long seed = 1;
    HistoryVerdict verdict = HistoryRunner.run(seed, FaultChances.ALL, conduct);
    while (verdict.kept()) {
      verdict = HistoryRunner.run(++seed, FaultChances.ALL, conduct);
    }
    return verdict;
  }
}
