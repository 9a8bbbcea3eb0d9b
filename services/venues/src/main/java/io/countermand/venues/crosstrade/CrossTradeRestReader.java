package io.countermand.venues.crosstrade;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.lifecycle.ReplyReader;
import io.countermand.venues.BulkAnswer;
import io.countermand.venues.http.RecordedAnswer;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.transport.HttpReply;
import java.util.Set;

/** Recorded answers of CrossTrade over REST. */
public final class CrossTradeRestReader implements ReplyReader {

  @Override
  public String adapter() {
    return "crosstrade";
  }

  @Override
  public Rereading again(LedgerEvent.Replied replied, String answer) {
    var dialect = new CrossTradeRest();
    if (answer.startsWith(BulkAnswer.RECORDED)) {
      return RecordedAnswer.overHttp(
          replied, BulkAnswer.response(answer), CrossTradeRestReader::ofAll, dialect::readStatus);
    }
    return RecordedAnswer.overHttp(replied, answer, dialect::readCancel, dialect::readStatus);
  }

  private static Classified ofAll(CancelRequest request, HttpReply reply) {
    var dialect = new CrossTradeRest();
    Reply whole = dialect.readCancelAll(reply).reply();
    Set<String> named =
        whole instanceof Reply.Accepted ? Set.copyOf(dialect.readCanceled(reply)) : Set.of();
    return Classified.of(BulkAnswer.of(whole, named, request.cancel().order().orderId()));
  }
}
