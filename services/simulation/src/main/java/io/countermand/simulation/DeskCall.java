package io.countermand.simulation;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Evidence;
import java.util.function.Consumer;

/**
 * A call that a desk is to make.
 *
 * @param at the record that asks for it
 * @param generation of the ownership that took it on
 * @param announced whether it leaves at once, and its decision is its marker
 * @param handed told the id once the ledger answers for it
 */
record DeskCall(
    CancelRequest request,
    Evidence at,
    int generation,
    boolean announced,
    Consumer<String> handed) {

  DeskCall(CancelRequest request, Evidence at, int generation) {
    this(request, at, generation, false, id -> {});
  }

  /** It waits, so its decision is no marker. */
  DeskCall unannounced() {
    return new DeskCall(request, at, generation, false, handed);
  }

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
