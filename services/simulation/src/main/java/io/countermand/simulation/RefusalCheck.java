package io.countermand.simulation;

import io.countermand.domain.Cancel;
import io.countermand.domain.Outcome;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.lease.Leases;
import io.countermand.domain.lifecycle.CancelTable;
import io.countermand.domain.lifecycle.CancelTable.Next;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import io.countermand.simulation.engine.Log;
import java.util.Set;

/**
 * Checks that a cancel that the desks refused for good, and of which nothing else was heard, has
 * its outcome soon after the log rules out that any of them called under a lease: not at its
 * deadline.
 */
final class RefusalCheck {

  /** Until that is read, a timer written, and that is read back. */
  private static final long SOON = 3000;

  private static final Evidence NOWHERE = new Evidence("", 0, 0);

  private final World world;
  private final Set<Integer> unreadable;

  RefusalCheck(World world) {
    this.world = world;
    this.unreadable = Markers.lost(world);
  }

  void check(Log.Entry<Outcome> answer) {
    Cancel cancel = answer.value().cancel();
    long proved = provedAt(cancel);
    if (proved == Long.MAX_VALUE) {
      return;
    }
    long fair = Math.max(proved, Math.max(world.calm, world.undisturbedSince(Long.MAX_VALUE)));
    if (Truth.decided(answer) > fair + SOON) {
      world.broke("1: " + cancel.cancelId() + " was refused, which is proved since " + proved);
    }
  }

  /** When the last record came that was needed; {@link Long#MAX_VALUE}: none proves it. */
  private long provedAt(Cancel cancel) {
    Leases leases = Leases.NONE;
    boolean refused = false;
    long since = Long.MAX_VALUE;
    for (int offset = 0; offset < world.progress.end(); offset++) {
      Log.Entry<World.Progress> entry = world.progress.get(offset);
      if (entry.open() || entry.aborted()) {
        continue;
      }
      boolean dead = unreadable.contains(offset);
      leases = SimulatedLedger.after(leases, entry.value(), dead, world.appended(entry.at()));
      for (LedgerEvent event : entry.value().events(NOWHERE)) {
        if (event instanceof LedgerEvent.OfCancel of
            && of.cancel().cancelId().equals(cancel.cancelId())
            && !(event instanceof LedgerEvent.TimerFired)) {
          if (!forGood(of, cancel)) {
            return Long.MAX_VALUE;
          }
          refused |= !dead;
        }
      }
      boolean open =
          !leases.mayHaveCalled(cancel.order().venue(), cancel.intent().offset()).isEmpty();
      if (!refused || open) {
        since = Long.MAX_VALUE;
      } else if (since == Long.MAX_VALUE) {
        since = Math.max(entry.at(), entry.txn() == null ? 0 : entry.txn().endedAt);
      }
    }
    return since;
  }

  private static boolean forGood(LedgerEvent.OfCancel event, Cancel cancel) {
    return event instanceof LedgerEvent.Decided said
        && said.cancel().digest().equals(cancel.digest())
        && said.decision() instanceof DeskDecision.Refuse refuse
        && CancelTable.RULES.onRefused(refuse.reason(), false) == Next.REJECTED;
  }
}
