package io.countermand.venues.crosstrade;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.ReplyReader;
import io.countermand.venues.http.HttpReply;
import io.countermand.venues.http.Verdict;
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
  protected Verdict readCancel(HttpReply reply) {
    return rest.readCancel(request(), reply);
  }

  @Override
  protected Verdict readStatus(HttpReply reply) {
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
