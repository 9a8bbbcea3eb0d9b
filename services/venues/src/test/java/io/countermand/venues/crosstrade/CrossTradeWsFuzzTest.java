package io.countermand.venues.crosstrade;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.lifecycle.ReplyReader;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Json;
import io.countermand.venues.http.transport.Scrubber;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.ResponseFuzz;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  protected Classified readCancel(HttpReply reply) {
    return CrossTradeRpc.read("Cancel", reply.json(), CrossTradeSamples.ID, reply.at());
  }

  @Override
  protected Classified readStatus(HttpReply reply) {
    return CrossTradeRpc.read("GetOrderStatus", reply.json(), CrossTradeSamples.ID, reply.at());
  }

  @Override
  protected CancelRequest request() {
    return Requests.cancel("Sim101", CrossTradeSamples.ID);
  }

  @Override
  protected ReplyReader reader() {
    return new CrossTradeWsReader();
  }

  /** As it came; what is no message with an id finds no call. */
  @Override
  protected @Nullable String recorded(HttpReply reply, Scrubber scrubber) {
    return Json.text(reply.json().path("id")) == null ? null : scrubber.excerpt(reply.body());
  }
}
