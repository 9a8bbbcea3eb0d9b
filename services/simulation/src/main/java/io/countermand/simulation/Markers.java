package io.countermand.simulation;

import io.countermand.domain.DeskDecision;
import io.countermand.domain.Evidence;
import io.countermand.domain.LedgerEvent;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import java.util.HashMap;
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
    for (Log.Entry<World.Progress> entry : world.progress.committed()) {
      LedgerEvent event = entry.value().events(NOWHERE).getLast();
      if (event instanceof LedgerEvent.Started started
          && started.kind() == RequestKind.CANCEL
          && ids.contains(started.cancel().cancelId())) {
        open.putIfAbsent(started.attemptId(), entry.at()); // it may be written again
      } else if (event instanceof LedgerEvent.Replied replied) {
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
   * Whether a desk refused this cancel, though a call of an earlier life or owner may be under way;
   * single flight does not cover that, see DECISION.md.
   */
  static boolean refusedByDesk(World world, String cancelId) {
    for (Log.Entry<World.Progress> entry : world.progress.committed()) {
      if (entry.value().at(NOWHERE) instanceof LedgerEvent.Decided said
          && said.cancel().cancelId().equals(cancelId)
          && said.decision() instanceof DeskDecision.Refuse) {
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
