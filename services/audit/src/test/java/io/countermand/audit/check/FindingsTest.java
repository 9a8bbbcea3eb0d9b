package io.countermand.audit.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.Evidence;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingsTest {

  private static final int MANY = 100_000;

  @Test
  void shouldCountAllAndKeepWhatFitsIntoMemory() {
    // Given
    Findings all = new Findings(new Everything(Instant.EPOCH));
    String text = "x".repeat(100_000);
    List<Evidence> evidence = Collections.nCopies(1_000, new Evidence("cancel-outcomes", 0, 1));
    // When
    for (int partition = 0; partition < 12; partition++) {
      Findings found = new Findings(new Everything(Instant.EPOCH));
      for (int i = 0; i < MANY; i++) {
        found.add(DifferenceKind.CANCEL_CHANGED, "v/a/o", "c", text, evidence);
      }
      all.addAll(found);
    }
    // Then
    assertThat(all.kinds).containsEntry(DifferenceKind.CANCEL_CHANGED, 12L * MANY);
    assertThat(all.differences).hasSize(Findings.MOST_KEPT);
    assertThat(all.differences)
        .allMatch(one -> one.text().length() < 1_000 && one.evidence().size() < 20);
  }
}
