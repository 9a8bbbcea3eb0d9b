package io.countermand.venues.crosstrade;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.lifecycle.ReplyReader;
import io.countermand.venues.Secret;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.ResponseFuzz;
import java.util.List;

class CrossTradeWebhookFuzzTest extends ResponseFuzz {

  private final CrossTradeWebhook webhook = new CrossTradeWebhook(Secret.of("s3cret"), null);

  @Override
  protected List<Sample> samples() {
    return CrossTradeSamples.ALL;
  }

  @Override
  protected Classified readCancel(HttpReply reply) {
    return webhook.readCancel(request(), reply);
  }

  /** There is no look-up; the cancel is read once more. */
  @Override
  protected Classified readStatus(HttpReply reply) {
    return readCancel(reply);
  }

  @Override
  protected CancelRequest request() {
    return Requests.cancel("Sim101", CrossTradeSamples.ID);
  }

  @Override
  protected ReplyReader reader() {
    return new CrossTradeWebhookReader();
  }
}
