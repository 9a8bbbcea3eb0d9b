package io.countermand.venues.neuratrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.lifecycle.ReplyReader;
import io.countermand.venues.Credentials;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.ResponseFuzz;
import java.util.List;
import java.util.Map;

class NeuraTradeFuzzTest extends ResponseFuzz {

  private static final String ID = "ord-20260303120000-1";

  private final NeuraTradeOrders orders = new NeuraTradeOrders();
  private final NeuraTradeLogin login =
      new NeuraTradeLogin(Credentials.of(Map.of("email", "e", "password", "p")));

  @Override
  protected List<Sample> samples() {
    return List.of(
        new Sample(200, NeuraTradeTest.SUCCESS, false),
        new Sample(
            200,
            "{\"status\":\"success\",\"data\":{\"count\":1,\"positions\":[{\"order_id\":\""
                + ID
                + "\",\"status\":\"CLOSED\"}]}}",
            false),
        new Sample(200, "{\"token\":\"jwt\",\"expires_at\":\"2026-03-04T12:00:00Z\"}", false),
        new Sample(404, NeuraTradeTest.NOT_FOUND, true),
        new Sample(409, "{\"status\":\"error\",\"error\":\"order is not open\"}", true),
        new Sample(400, "{\"status\":\"error\",\"error\":\"invalid request payload\"}", true),
        new Sample(
            409,
            "{\"status\":\"error\",\"error\":\"order is not open\",\"data\":{\"order_id\":\""
                + ID
                + "\",\"status\":\"CANCELED\"}}",
            true),
        new Sample(500, "{\"status\":\"error\",\"error\":\"failed to cancel order\"}", true),
        new Sample(401, "{\"error\":\"Token expired\"}", true),
        new Sample(429, "{\"error\":\"Rate limit exceeded\",\"retry_after\":30}", true));
  }

  @Override
  protected Classified readCancel(HttpReply reply) {
    assertThat(login.read(reply)).isNotNull();
    return orders.readCancel(request(), reply);
  }

  @Override
  protected Classified readStatus(HttpReply reply) {
    return orders.readStatus(request(), reply);
  }

  @Override
  protected CancelRequest request() {
    return Requests.cancel("a", ID);
  }

  @Override
  protected ReplyReader reader() {
    return new NeuraTradeReader();
  }
}
