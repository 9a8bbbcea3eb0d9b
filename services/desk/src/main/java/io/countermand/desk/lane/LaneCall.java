package io.countermand.desk.lane;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.RequestKind;
import io.countermand.domain.order.Evidence;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call that is to be made: a first attempt, a later one, or a status query.
 *
 * @param at the record that asks for it: the intent, or the ledger's request
 * @param announced id of the attempt whose marker is the decision's own record: it leaves once that
 *     is durable; null: it has a marker of its own
 * @param handed told the call's id once the ledger answers for it: its marker or its reply is
 *     durable; any thread
 */
public record LaneCall(
    CancelRequest request, Evidence at, @Nullable String announced, Consumer<String> handed) {

  /** It waits, so its decision is no marker. */
  LaneCall unannounced() {
    return announced == null ? this : new LaneCall(request, at, null, handed);
  }

  /** Unique among the calls of an order. '#' is in no order key. */
  String id() {
    return id(
        request.cancel().order().key(),
        request.kind(),
        request.attemptNo(),
        request.cancel().cancelId());
  }

  static String id(String key, RequestKind kind, int attemptNo, String cancelId) {
    return key + '#' + kind + '#' + attemptNo + '#' + cancelId;
  }
}
