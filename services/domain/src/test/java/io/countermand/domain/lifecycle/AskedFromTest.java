package io.countermand.domain.lifecycle;

import static io.countermand.domain.Cancels.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Cancels;
import io.countermand.domain.RequestKind;
import io.countermand.domain.TraceContext;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.order.Evidence;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the ledger asks for says up to where it had read the progress. */
class AskedFromTest {

  private static final Evidence HERE = new Evidence("cancel-progress", 3, 17);

  @Test
  void shouldNameTheRecordThatARequestFollowsFrom() {
    // Given one that joined a cancel of which the ledger knows nothing
    Cancel cancel = Cancels.cancel("c1", 1);
    var joins = new LedgerEvent.Decided(cancel, new DeskDecision.Join("gone", null), HERE, at(0));
    // When
    Lifecycle.Step step = Lifecycle.step(OrderLedger.NONE, joins, Cancels.rules(true), _ -> null);
    // Then
    assertThat(step.effects())
        .isEqualTo(
            List.of(
                new LedgerEffect.Ask(
                    new CancelRequest(cancel, RequestKind.CANCEL, 1, null, at(0))
                        .following(HERE))));
  }

  @Test
  void shouldKeepItWithItsTrace() {
    // Given
    var asked =
        new CancelRequest(Cancels.cancel("c1", 1), RequestKind.CANCEL, 2, null, at(0))
            .following(HERE);
    String parent = "00-" + "1".repeat(32) + "-" + "2".repeat(16) + "-01";
    // When
    CancelRequest traced = asked.traced(TraceContext.parse(parent, null));
    // Then
    assertThat(traced.trace()).isNotNull();
    assertThat(traced.follows()).isEqualTo(HERE);
  }
}
