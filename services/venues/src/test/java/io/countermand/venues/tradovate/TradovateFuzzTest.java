package io.countermand.venues.tradovate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.lifecycle.ReplyReader;
import io.countermand.domain.order.OrderEvent;
import io.countermand.venues.AccountList;
import io.countermand.venues.Credentials;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.ResponseFuzz;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class TradovateFuzzTest extends ResponseFuzz {

  private static final List<Sample> SAMPLES = samplesOf();

  private final TradovateOrders orders = new TradovateOrders(null);
  private final TradovateOrderEvents events = new TradovateOrderEvents("tv", Map.of());
  private final TradovateLogin login =
      new TradovateLogin(
          Credentials.of(Map.of("name", "n", "password", "p", "cid", "1", "sec", "s")), Map.of());

  private static List<Sample> samplesOf() {
    List<Sample> samples = new ArrayList<>();
    samples.add(new Sample(200, "{\"commandId\":1}", false));
    samples.add(new Sample(200, "{\"id\":1,\"accountId\":2,\"ordStatus\":\"Canceled\"}", false));
    samples.add(
        new Sample(
            200,
            "[{\"e\":\"props\",\"d\":{\"entityType\":\"order\",\"eventType\":\"Updated\",\"entity\":{\"id\":1,\"accountId\":2,\"ordStatus\":\"Canceled\"}}}]",
            false));
    samples.add(
        new Sample(200, TradovateSettings.token("t", TradovateTest.NOW.plusSeconds(5400)), false));
    samples.add(new Sample(200, "[{\"id\":12345,\"name\":\"DEMO123\"}]", false));
    for (String reason : FailureReasons.TABLE.keySet()) {
      samples.add(
          new Sample(
              200,
              TradovateTest.EXAMPLE.replace("AccountClosed", reason),
              !reason.equals("Success")));
    }
    samples.add(new Sample(200, "{\"p-ticket\":\"t\",\"p-time\":60,\"p-captcha\":true}", true));
    samples.add(new Sample(200, "{\"errorText\":\"x\",\"ok\":false}", true));
    samples.add(new Sample(200, "{\"violations\":[{\"description\":\"x\"}]}", true));
    samples.add(new Sample(429, "", true));
    samples.add(new Sample(423, "{}", true));
    return samples;
  }

  @Override
  protected List<Sample> samples() {
    return SAMPLES;
  }

  @Override
  protected Classified readCancel(HttpReply reply) {
    assertThat(login.read(reply)).isNotNull();
    return orders.readCancel(request(), reply);
  }

  /** The feed's frames are read on the way. */
  @Override
  protected Classified readStatus(HttpReply reply) {
    if (Frames.read("a" + reply.body()) instanceof Frames.Frame.Messages(List<JsonNode> messages)) {
      for (JsonNode message : messages) {
        List<OrderEvent> read = new ArrayList<>(events.changes(message, reply.at()));
        read.addAll(events.snapshot(message, reply.at()));
        assertThat(read).allMatch(event -> event.source().equals("feed:tv"));
      }
    }
    Frames.read(reply.body());
    AccountList list = orders.readAccounts(reply, reply.at());
    assertThat(list == null || list.accounts().stream().noneMatch(a -> a.name().isBlank()))
        .isTrue();
    return orders.readStatus(request(), reply);
  }

  @Override
  protected CancelRequest request() {
    return Requests.cancel("a", "1");
  }

  @Override
  protected ReplyReader reader() {
    return new TradovateReader();
  }
}
