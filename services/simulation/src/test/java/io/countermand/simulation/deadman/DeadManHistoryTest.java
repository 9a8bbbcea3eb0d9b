package io.countermand.simulation.deadman;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeadManHistoryTest {

  private static final int HISTORIES = 4_000;
  private static final int MOST = 50_000;

  @Test
  void shouldKeepThePromiseInEveryHistory() {
    for (long seed = 1; seed <= HISTORIES; seed++) {
      List<String> broken = DeadManHistory.run(seed, DeadManConduct.real(), null);
      if (!broken.isEmpty()) {
        List<String> story = new ArrayList<>();
        DeadManHistory.run(seed, DeadManConduct.real(), story);
        assertThat(broken).as("seed %d\n%s", seed, String.join("\n", story)).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldFindTheDeliberateFault(DeadManMutant mutant) {
    // Given
    long seed = 1;
    // When
    List<String> broken = DeadManHistory.run(seed, mutant.conduct, null);
    while (broken.isEmpty() && seed < MOST) {
      broken = DeadManHistory.run(++seed, mutant.conduct, null);
    }
    // Then
    assertThat(broken).as("%s after %d histories", mutant, seed).isNotEmpty();
  }
}
