package io.countermand.simulation;

import io.countermand.domain.Cancel;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.lease.Leases;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import io.countermand.simulation.engine.Log;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the log of progress says of attempts, read by the harness itself. */
final class Markers {

  /** A reply later than this after its marker may have come too late to count. */
  private static final long PROMPT = 1000;

  private static final Evidence NOWHERE = new Evidence("", 0, 0);

  private Markers() {}

  /**
   * Whether some attempt for one of these cancels had no prompt answer that rules it out, at a time
   * when the ledger could still read it: not behind a last timer, however long the ledger took to
   * read that.
   */
  static boolean mayHaveReached(World world, Set<String> ids, long decidedAt) {
    Map<String, Long> open = new HashMap<>();
    boolean any = false;
    Set<Integer> lost = lost(world);
    for (int offset = 0; offset < world.progress.end(); offset++) {
      Log.Entry<World.Progress> entry = world.progress.get(offset);
      if (entry.open() || entry.aborted() || entry.value() instanceof World.Leased) {
        continue;
      }
      LedgerEvent event = entry.value().events(NOWHERE).getLast();
      if (event instanceof LedgerEvent.Started started
          && started.kind() == RequestKind.CANCEL
          && ids.contains(started.cancel().cancelId())) {
        open.putIfAbsent(started.attemptId(), entry.at()); // it may be written again
      } else if (event instanceof LedgerEvent.Replied replied && !lost.contains(offset)) {
        Long marked = open.get(replied.attemptId());
        if (marked != null
            && entry.at() - marked < PROMPT
            && entry.at() + PROMPT < decidedAt
            && ruledOut(replied.reply())) {
          open.remove(replied.attemptId());
        }
      } else if (event instanceof LedgerEvent.TimerFired fired
          && ids.contains(fired.cancel().cancelId())
          && !fired.due().isBefore(fired.cancel().deadline())) {
        open.replaceAll((attempt, marked) -> -PROMPT);
      }
      any |= !open.isEmpty();
    }
    return any && !open.isEmpty();
  }

  /**
   * Whether, when the ledger decided, a lease covered one of these cancels and nothing in the log
   * ruled a call out: at the last record that the outcome cites, or behind it.
   */
  static boolean mayBeLeased(World world, Set<String> ids, Outcome outcome, long decidedAt) {
    Set<Cancel> cancels = new HashSet<>();
    for (Log.Entry<World.Progress> entry : world.said()) {
      if (entry.value().at(NOWHERE) instanceof LedgerEvent.OfCancel of
          && ids.contains(of.cancel().cancelId())
          && of.cancel().receivedAt().isBefore(of.cancel().deadline())) {
        cancels.add(of.cancel());
      }
    }
    long cited = -1;
    for (Evidence one : outcome.evidence()) {
      cited = one.topic().equals(world.progress.name) ? Math.max(cited, one.offset()) : cited;
    }
    Set<Integer> lost = lost(world);
    Leases leases = Leases.NONE;
    for (int offset = 0; offset < world.progress.end(); offset++) {
      Log.Entry<World.Progress> entry = world.progress.get(offset);
      if (entry.at() > decidedAt) {
        break;
      }
      if (!entry.open() && !entry.aborted()) {
        boolean dead = lost.contains(offset);
        leases = SimulatedLedger.after(leases, entry.value(), dead, world.appended(entry.at()));
      }
      if (offset >= cited && open(leases, cancels)) {
        return true;
      }
    }
    return false;
  }

  /** Offsets of the progress that nobody could read. */
  static Set<Integer> lost(World world) {
    Set<Integer> lost = new HashSet<>();
    for (Log.Entry<World.Dead> entry : world.dead.committed()) {
      if (entry.value().topic().equals(world.progress.name)) {
        lost.add(entry.value().offset());
      }
    }
    return lost;
  }

  /** Whether something of a cancel could not be read. */
  static boolean lostOf(World world, String cancelId) {
    return lost(world).stream()
        .flatMap(offset -> world.progress.get(offset).value().events(NOWHERE).stream())
        .anyMatch(
            event ->
                event instanceof LedgerEvent.OfCancel of
                    && of.cancel().cancelId().equals(cancelId));
  }

  private static boolean open(Leases leases, Set<Cancel> cancels) {
    for (Cancel cancel : cancels) {
      if (!leases.mayHaveCalled(cancel.order().venue(), cancel.intent().offset()).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a desk refused this cancel, though a call of an earlier life or owner may be under way;
   * single flight does not cover that, see DECISION.md.
   */
  static boolean refusedByDesk(World world, String cancelId) {
    for (Log.Entry<World.Progress> entry : world.said()) {
      if (entry.value().at(NOWHERE) instanceof LedgerEvent.Decided said
          && said.cancel().cancelId().equals(cancelId)
          && said.decision() instanceof DeskDecision.Refuse) {
        return true;
      }
    }
    return false;
  }

  /** Whether a desk decided at a time or later that a cancel joins another. */
  static boolean joinedFrom(World world, String cancelId, Instant from) {
    for (Log.Entry<World.Progress> entry : world.said()) {
      if (entry.value().at(NOWHERE) instanceof LedgerEvent.Decided said
          && said.cancel().cancelId().equals(cancelId)
          && said.decision() instanceof DeskDecision.Join
          && !said.time().isBefore(from)) {
        return true;
      }
    }
    return false;
  }

  private static boolean ruledOut(Reply reply) {
    return switch (reply) {
      case Reply.RetryLater _, Reply.Unauthorized _, Reply.NotSent _ -> true;
      default -> false;
    };
  }
}
