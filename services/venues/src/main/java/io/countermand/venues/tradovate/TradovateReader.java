package io.countermand.venues.tradovate;

import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.lifecycle.ReplyReader;
import io.countermand.venues.http.RecordedAnswer;

/** Recorded answers of Tradovate. */
public final class TradovateReader implements ReplyReader {

  @Override
  public String adapter() {
    return "tradovate";
  }

  @Override
  public Rereading again(LedgerEvent.Replied replied, String answer) {
    var dialect = new TradovateOrders(null);
    return RecordedAnswer.overHttp(replied, answer, dialect::readCancel, dialect::readStatus);
  }
}
