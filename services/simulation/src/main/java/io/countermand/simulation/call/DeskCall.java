package io.countermand.simulation.call;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.RequestKind;
import io.countermand.domain.order.Evidence;
import java.util.function.Consumer;

/**
 * A call that a desk is to make.
 *
 * @param at the record that asks for it
 * @param generation of the ownership that took it on
 * @param announced whether it leaves at once, and its decision is its marker
 * @param handed told the id once the ledger answers for it
 */
public record DeskCall(
    CancelRequest request,
    Evidence at,
    int generation,
    boolean announced,
    Consumer<String> handed) {

  public DeskCall(CancelRequest request, Evidence at, int generation) {
    this(request, at, generation, false, id -> {});
  }

  /** It waits, so its decision is no marker. */
  public DeskCall unannounced() {
    return new DeskCall(request, at, generation, false, handed);
  }

  /** Whether its marker is as good as one of the other's would be. */
  public boolean standsFor(DeskCall other) {
    return request.kind() == RequestKind.CANCEL
        && other.request.kind() == RequestKind.CANCEL
        && other.request.continuation() == null
        && same(other.request.cancel());
  }

  /** Whether any other call to cancel would do: the venue wants to see nothing again. */
  public boolean asksForAny() {
    return request.kind() == RequestKind.CANCEL && request.continuation() == null;
  }

  /** Whether it is for this cancel. */
  public boolean same(Cancel cancel) {
    return request.cancel().order().equals(cancel.order())
        && request.cancel().cancelId().equals(cancel.cancelId())
        && request.cancel().digest().equals(cancel.digest());
  }

  public String id() {
    return request.cancel().order().key()
        + '#'
        + request.kind()
        + '#'
        + request.attemptNo()
        + '#'
        + request.cancel().cancelId();
  }
}
