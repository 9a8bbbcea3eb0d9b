package io.countermand.domain.decision;

import static io.countermand.domain.Cancels.at;
import static io.countermand.domain.Cancels.cancel;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Cancels;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CallRulesTest {

  private final CallRules rules =
      new CallRules(Duration.ofSeconds(3), Duration.ofMillis(Cancels.GRACE));
  private final CancelRequest request =
      new CancelRequest(cancel("c1", 1), RequestKind.CANCEL, 1, null, Cancels.T0);

  @Test
  void shouldLetNoCallStartAtTheDeadline() {
    assertThat(rules.late(request, at(Cancels.DEADLINE - 1))).isNull();
    assertThat(rules.late(request, at(Cancels.DEADLINE)))
        .extracting(Reply.NotSent::reason)
        .isEqualTo(Reason.DEADLINE_PASSED);
  }

  @Test
  void shouldEndACallByHalfTheGrace() {
    assertThat(rules.timeout(request, at(0))).isEqualTo(Duration.ofSeconds(3));
    assertThat(rules.timeout(request, at(Cancels.DEADLINE - 1))).isEqualTo(Duration.ofMillis(1001));
  }
}
