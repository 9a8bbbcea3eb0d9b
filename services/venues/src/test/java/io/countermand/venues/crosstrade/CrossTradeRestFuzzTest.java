package io.countermand.venues.crosstrade;

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
    return rest.readCancel(Requests.cancel("Sim101", CrossTradeSamples.ID), reply);
  }

  @Override
  protected Verdict readStatus(HttpReply reply) {
    return rest.readStatus(Requests.cancel("Sim101", CrossTradeSamples.ID), reply);
  }
}
