package io.countermand.desk;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Evidence;
import java.util.function.Consumer;

/**
 * A call that is to be made: a first attempt, a later one, or a status query.
 *
 * @param at the record that asks for it: the intent, or the ledger's request
 * @param handed told the call's id once the ledger answers for it: its marker or its reply is
 *     durable; any thread
 */
record Call(CancelRequest request, Evidence at, Consumer<String> handed) {

  /** Unique among the calls of an order. '#' is in no order key. */
  String id() {
    return request.cancel().order().key()
        + '#'
        + request.kind()
        + '#'
        + request.attemptNo()
        + '#'
        + request.cancel().cancelId();
  }
}
