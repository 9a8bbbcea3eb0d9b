package io.countermand.venues;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BulkAnswerTest {

  private static final String RESPONSE = "HTTP 200: {\"orderIds\":[";

  @Test
  void shouldRecordWhetherALongAnswerNamesTheOrder() {
    var all =
        new BulkAnswer(answer(new Reply.Accepted(ReplyDetails.of("200", null))), Set.of("o1"));

    assertThat(all.recorded("o1"))
        .isEqualTo("all of the account: this order is named: " + RESPONSE);
    assertThat(all.recorded("o2"))
        .isEqualTo("all of the account: this order is not named: " + RESPONSE);
    assertThat(BulkAnswer.response(BulkAnswer.RECORDED + "this order is named: " + RESPONSE))
        .isEqualTo(RESPONSE);
  }

  @Test
  void shouldRecordNothingOfTheOrderWhereTheAnswerNamesNone() {
    var unclear = BulkAnswer.none(answer(new Reply.Ambiguous(ReplyDetails.of("503", null))));

    assertThat(unclear.recorded("o1")).isEqualTo(BulkAnswer.RECORDED + RESPONSE);
    assertThat(BulkAnswer.response(BulkAnswer.RECORDED + RESPONSE)).isEqualTo(RESPONSE);
  }

  private static CallResult answer(Reply reply) {
    return new CallResult(reply, true, Instant.EPOCH, Instant.EPOCH, "POST", RESPONSE);
  }
}
