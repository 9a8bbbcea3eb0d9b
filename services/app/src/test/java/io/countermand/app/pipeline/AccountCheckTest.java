package io.countermand.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.audit.AuditSettings;
import io.countermand.audit.Audit;
import io.countermand.domain.Attempt;
import io.countermand.domain.CancelResult;
import io.countermand.domain.CxlRejReason;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.request.CallKind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A cancel of an account that the credential does not have, from its intent to the audit. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class AccountCheckTest {

  private static final String VENUE = "crosstrade";

  private final Pipeline pipeline;

  AccountCheckTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Test
  void shouldRefuseAnAccountThatTheCredentialDoesNotHave() throws IOException {
    // Given a venue that tells its accounts, and a desk that begins
    String strange = "Strange" + Pipeline.id();
    var tells =
        new FaultRule(
            VENUE,
            null,
            java.util.Set.of(CallKind.OTHER),
            Integer.MAX_VALUE,
            1,
            List.of(
                Fault.Say.json(200, "{\"accounts\":[{\"name\":\"Sim101\"}],\"success\":true}")));
    pipeline.stack().stop("desk");
    pipeline.stack().simulator().faults().add(tells);
    try {
      pipeline.stack().start("desk");
      pipeline.stack().awaitReady();
      var order = new OrderRef(VENUE, strange, Pipeline.orderId(VENUE));
      pipeline
          .stack()
          .simulator()
          .book()
          .place(NewOrder.of(VENUE, order.account(), order.orderId(), "10"));
      // When
      Outcome outcome = pipeline.cancel(Pipeline.patient(order));
      // Then its outcome comes at once, and names the account that there is
      assertThat(outcome.result()).isEqualTo(CancelResult.REJECTED);
      assertThat(outcome.reason()).isEqualTo(Reason.ACCOUNT_REFUSED);
      assertThat(outcome.cxlRejReason()).isEqualTo(CxlRejReason.BROKER_OPTION);
      assertThat(outcome.text()).contains(strange.substring(0, 20), "Sim101");
      assertThat(outcome.attempts())
          .singleElement()
          .matches(attempt -> attempt.reply() == ReplyKind.REFUSED && !attempt.sent())
          .extracting(Attempt::sentAt)
          .isNull();
      assertThat(pipeline.cancelCalls(order)).isEmpty();
      // And one of that account is cancelled
      assertThat(pipeline.cancel(Pipeline.patient(pipeline.place(VENUE))).result())
          .isEqualTo(CancelResult.CANCELED);
    } finally {
      pipeline.stack().simulator().faults().remove(tells);
    }
    // And whoever reads the topics again, without the venue, comes to the same
    List<String> said = new ArrayList<>();
    int found =
        Audit.run(
            pipeline.stack().connection(),
            AuditSettings.rules(pipeline.stack().config()),
            new Audit.Options(
                null,
                null,
                Duration.ofMinutes(30),
                new Audit.Only(VENUE, strange),
                null,
                1,
                200,
                false,
                (done, all) -> {}),
            said::add);
    assertThat(found).as("%s", said).isZero();
    assertThat(String.join("\n", said)).contains("1 cancel");
  }
}
