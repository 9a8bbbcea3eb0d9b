package io.countermand.venues.neuratrade;

import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.lifecycle.ReplyReader;
import io.countermand.venues.http.RecordedAnswer;

/** Recorded answers of NeuraTrade. */
public final class NeuraTradeReader implements ReplyReader {

  @Override
  public String adapter() {
    return "neuratrade";
  }

  @Override
  public Rereading again(LedgerEvent.Replied replied, String answer) {
    var dialect = new NeuraTradeOrders();
    return RecordedAnswer.overHttp(replied, answer, dialect::readCancel, dialect::readStatus);
  }
}
