package io.countermand.console.kept;

import io.countermand.client.EventRecord;
import io.countermand.events.CancelOutcome;
import io.countermand.events.Reason;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last outcome of each venue; bounded, the venue that had none for the longest goes first.
 * Thread-safe.
 */
public final class LastOutcomes {

  private static final int MOST = 200;

  private final Map<String, Last> lasts = new LinkedHashMap<>();

  /**
   * An outcome.
   *
   * @param order key of its record
   */
  public record Last(String order, String cancelId, String result, String reason, Instant at) {}

  /**
   * A name that no desk knows, or that came with nonsense, is a venue only if it was one before.
   */
  public synchronized void outcome(EventRecord<CancelOutcome> record) {
    CancelOutcome outcome = record.value();
    String venue = outcome.getCancel().getVenue();
    Last known = lasts.get(venue);
    if (known == null ? doubtful(outcome) : known.at().isAfter(outcome.getDecidedAt())) {
      return;
    }
    lasts.remove(venue);
    lasts.put(
        venue,
        new Last(
            KeptCancels.key(outcome.getCancel()),
            outcome.getCancel().getCancelId(),
            outcome.getResult().name(),
            outcome.getReason().name(),
            outcome.getDecidedAt()));
    if (lasts.size() > MOST) {
      lasts.remove(lasts.keySet().iterator().next());
    }
  }

  private static boolean doubtful(CancelOutcome outcome) {
    return outcome.getReason() == Reason.UNKNOWN_VENUE || outcome.getReason() == Reason.MALFORMED;
  }

  public synchronized Map<String, Last> all() {
    return Map.copyOf(lasts);
  }
}
