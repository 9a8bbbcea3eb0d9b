package io.countermand.audit.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.Evidence;
import io.countermand.platform.Topics;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Dead letters whose source nobody has read. */
class DeadLetterBookTest {

  private final DeadLetterBook book = new DeadLetterBook();
  private final AuditScope scope = new Everything(Instant.EPOCH);
  private final Findings findings = new Findings(scope);

  @Test
  void shouldFindThatASourceIsNotThere() {
    letter(Topics.MASS_CANCELS);
    book.unseen(scope, findings);
    assertThat(findings.kinds).containsOnlyKeys(DifferenceKind.DEAD_LETTER_NOT_SUPPORTED);
  }

  @Test
  void shouldMissNoSourceOfATopicThatIsNotComparedWithDeadLetters() {
    letter(Topics.MASS_PROGRESS);
    book.unseen(scope, findings);
    assertThat(findings.kinds).isEmpty();
  }

  private void letter(String topic) {
    var at = new Evidence(Topics.DEAD_LETTERS, 0, 0);
    book.all()
        .put(new Evidence(topic, 0, 7), new DeadLetterBook.Letter(at, "UNREADABLE", 0, 0, -1));
  }
}
