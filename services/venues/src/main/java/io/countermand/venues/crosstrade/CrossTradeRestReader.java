package io.countermand.venues.crosstrade;

import io.countermand.domain.LedgerEvent;
import io.countermand.domain.ReplyReader;
import io.countermand.venues.http.RecordedAnswer;

/** Recorded answers of CrossTrade over REST. */
public final class CrossTradeRestReader implements ReplyReader {

  @Override
  public String adapter() {
    return "crosstrade";
  }

  @Override
  public Rereading again(LedgerEvent.Replied replied, String answer) {
    var dialect = new CrossTradeRest();
    return RecordedAnswer.overHttp(replied, answer, dialect::readCancel, dialect::readStatus);
  }
}
