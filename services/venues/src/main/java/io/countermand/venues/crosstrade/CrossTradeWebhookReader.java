package io.countermand.venues.crosstrade;

import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.lifecycle.ReplyReader;
import io.countermand.venues.http.RecordedAnswer;

/** Recorded answers of CrossTrade to webhooks. */
public final class CrossTradeWebhookReader implements ReplyReader {

  @Override
  public String adapter() {
    return "crosstrade-webhook";
  }

  @Override
  public Rereading again(LedgerEvent.Replied replied, String answer) {
    // There is no status query.
    return RecordedAnswer.overHttp(
        replied, answer, CrossTradeWebhook::read, CrossTradeWebhook::read);
  }
}
