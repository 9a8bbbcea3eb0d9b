package io.countermand.venues.crosstrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.lifecycle.ReplyReader;
import io.countermand.venues.AccountList;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.ResponseFuzz;
import java.util.List;

class CrossTradeRestFuzzTest extends ResponseFuzz {

  private final CrossTradeRest rest = new CrossTradeRest();

  @Override
  protected List<Sample> samples() {
    return CrossTradeSamples.ALL;
  }

  @Override
  protected Classified readCancel(HttpReply reply) {
    return rest.readCancel(request(), reply);
  }

  /** The list of accounts is read on the way. */
  @Override
  protected Classified readStatus(HttpReply reply) {
    AccountList list = rest.readAccounts(reply, reply.at());
    assertThat(list == null || list.accounts().stream().noneMatch(a -> a.name().isBlank()))
        .isTrue();
    return rest.readStatus(request(), reply);
  }

  @Override
  protected CancelRequest request() {
    return Requests.cancel("Sim101", CrossTradeSamples.ID);
  }

  @Override
  protected ReplyReader reader() {
    return new CrossTradeRestReader();
  }
}
