package io.countermand.venues.crosstrade;

import io.countermand.venues.http.HttpReply;
import io.countermand.venues.http.Verdict;
import io.countermand.venues.testing.ResponseFuzz;
import java.util.List;

/** Messages that found their call; those that do not are ignored (CrossTradeWsTest). */
class CrossTradeWsFuzzTest extends ResponseFuzz {

  private static final List<Sample> SAMPLES =
      CrossTradeSamples.ALL.stream()
          .map(
              s ->
                  new Sample(
                      200, "{\"id\":\"my-request-id\",\"data\":" + s.body() + "}", s.error()))
          .toList();

  @Override
  protected List<Sample> samples() {
    return SAMPLES;
  }

  @Override
  protected Verdict readCancel(HttpReply reply) {
    return CrossTradeRpc.read("Cancel", reply.json(), CrossTradeSamples.ID, reply.at());
  }

  @Override
  protected Verdict readStatus(HttpReply reply) {
    return CrossTradeRpc.read("GetOrderStatus", reply.json(), CrossTradeSamples.ID, reply.at());
  }
}
