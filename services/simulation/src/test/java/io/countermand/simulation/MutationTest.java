package io.countermand.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.simulation.engine.HistoryVerdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MutationTest {

  private static final int MOST = 50_000;

  @ParameterizedTest
  @EnumSource
  void shouldFindTheDeliberateFault(Mutant mutant) {
    // Given
    long seed = mutant.begin();
    long last = seed + MOST;

    // When
    HistoryVerdict verdict = HistoryRunner.run(seed, mutant.faults, mutant.conduct);
    while (verdict.kept() && seed < last) {
      verdict = HistoryRunner.run(++seed, mutant.faults, mutant.conduct);
    }

    // Then
    assertThat(verdict.broken()).as("%s after %d histories", mutant, MOST).isNotEmpty();
  }
}
