package io.countermand.venues.cadenza;

import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.lifecycle.ReplyReader;
import io.countermand.venues.http.RecordedAnswer;

/** Recorded answers of Cadenza. */
public final class CadenzaReader implements ReplyReader {

  @Override
  public String adapter() {
    return "cadenza";
  }

  @Override
  public Rereading again(LedgerEvent.Replied replied, String answer) {
    var dialect = new CadenzaOrders();
    return RecordedAnswer.overHttp(replied, answer, dialect::readCancel, dialect::readStatus);
  }
}
