package io.countermand.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One run of chaos on the real processes; {@code countermand chaos --runs N} is the long one. */
@Tag("chaos")
@Tag("long")
@Tag("alone")
class ChaosTest {

  @TempDir private Path data = Path.of(".");

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void shouldAnswerEachIntentOnceAndTruly() throws Exception {
    // Given
    long seed = System.nanoTime();
    System.out.println("chaos: seed " + seed);
    var options = new Chaos.Options(1, seed, 10, 500, data);
    // When
    Chaos.Report report = Chaos.run(options, System.out::println, text -> {}, () -> false);
    // Then
    RunReport run = report.each().getFirst();
    String says = "seed " + seed;
    assertThat(run.missing()).as(says).isEmpty();
    assertThat(run.duplicates()).as(says).isEmpty();
    assertThat(run.lies()).as(says).isEmpty();
    assertThat(run.audit()).as(says).isEmpty();
    // On a busy machine many deadlines pass, truthfully; but a run without cancels shows nothing.
    assertThat(run.openOrdersCanceled() * 10).as(says).isGreaterThan(run.openOrders());
    assertThat(kills(run)).as(says).isGreaterThanOrEqualTo(10);
  }

  private static int kills(RunReport run) {
    return run.blows().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("killed "))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }
}
