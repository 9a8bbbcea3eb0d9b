package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.events.MassCancel;
import io.countermand.events.MassReport;
import io.countermand.events.MassScope;
import io.countermand.events.MassState;
import io.countermand.events.serde.Trust;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeptReportsTest {

  static {
    Trust.ourRecords(); // their builders need it
  }

  @Test
  void shouldKeepTheNewestOfEachAndNoMoreThanItMay() {
    // Given
    var kept = new KeptReports(3, 1_000);
    // When
    Stream.of("a", "b", "c").forEach(id -> kept.put(report(id, 1, 0)));
    kept.put(report("a", 2, 0));
    kept.put(report("d", 1, 0));
    // Then: b changed least lately
    assertThat(numbers(kept)).containsExactly(2, 0, 1, 1);
  }

  @Test
  void shouldKeepFewerWhereMuchStandsInThem() {
    // Given
    var kept = new KeptReports(100, 100);
    // When
    kept.put(report("a", 1, 60));
    kept.put(report("b", 1, 30));
    kept.put(report("b", 2, 20));
    kept.put(report("c", 1, 30));
    kept.put(report("d", 1, 400));
    // Then: one that is too large by itself is all that there is
    assertThat(numbers(kept)).containsExactly(0, 0, 0, 1);
    kept.put(report("a", 3, 60));
    kept.put(report("b", 3, 36));
    assertThat(numbers(kept)).containsExactly(3, 3, 0, 0);
  }

  /** Zero: not kept. */
  private static List<Integer> numbers(KeptReports kept) {
    return Stream.of("a", "b", "c", "d")
        .map(id -> kept.find(id).map(MassReport::getNumber).orElse(0))
        .toList();
  }

  private static MassReport report(String massId, int number, int lines) {
    Instant now = Instant.parse("2026-01-31T12:00:00Z");
    return MassReport.newBuilder()
        .setMass(
            MassCancel.newBuilder()
                .setMassId(massId)
                .setScope(new MassScope())
                .setBy("test")
                .setReason("test")
                .setCreatedAt(now)
                .build())
        .setNumber(number)
        .setState(MassState.RUNNING)
        .setText("")
        .setNotCovered(Collections.nCopies(lines, "nobody looked"))
        .setAt(now)
        .build();
  }
}
