package io.countermand.venues.crosstrade;

import io.countermand.domain.RequestKind;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.lifecycle.ReplyReader;
import io.countermand.venues.http.RecordedAnswer;

/** Recorded answers of CrossTrade over WebSocket. */
public final class CrossTradeWsReader implements ReplyReader {

  @Override
  public String adapter() {
    return "crosstrade-ws";
  }

  @Override
  public Rereading again(LedgerEvent.Replied replied, String answer) {
    String api = replied.kind() == RequestKind.CANCEL ? CrossTradeRpc.CANCEL : CrossTradeRpc.STATUS;
    String orderId = replied.cancel().order().orderId();
    return RecordedAnswer.message(
        replied, answer, message -> CrossTradeRpc.read(api, message.json(), orderId, message.at()));
  }
}
