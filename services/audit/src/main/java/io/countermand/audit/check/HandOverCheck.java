package io.countermand.audit.check;

import io.countermand.domain.decision.HandOver;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import io.countermand.platform.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether the desks of one group decided what another group's were to, in one partition of
 * cancel-intents. A decision names its desk and no group; but no desk is of two groups, so none may
 * be found on both sides of a hand-over.
 */
public final class HandOverCheck {

  private record Seen(String group, Evidence decision) {}

  private final int partition;

  /** By venue and offset: the group that decides from there on. */
  private final Map<String, NavigableMap<Long, HandOver>> moved = new HashMap<>();

  /** By venue and desk. */
  private final Map<String, Map<String, Seen>> desks = new HashMap<>();

  public HandOverCheck(int partition) {
    this.partition = partition;
  }

  public void read(HandOver record, long offset) {
    if (!record.from().equals(record.to())) {
      moved.computeIfAbsent(record.venue(), venue -> new TreeMap<>()).put(offset, record);
    }
  }

  public void check(OrderHistory history, Findings findings) {
    if (moved.isEmpty()) {
      return;
    }
    for (OrderHistory.Said said : history.progress) {
      if (said.event() instanceof LedgerEvent.Decided decided) {
        String venue = decided.cancel().order().venue();
        String group = group(venue, decided.cancel().intent());
        if (group != null) {
          one(decided, said.by(), venue, group, findings);
        }
      }
    }
  }

  private void one(
      LedgerEvent.Decided decided, String desk, String venue, String group, Findings findings) {
    Seen seen =
        desks
            .computeIfAbsent(venue, one -> new HashMap<>())
            .computeIfAbsent(desk, one -> new Seen(group, decided.at()));
    if (!seen.group().equals(group)) {
      findings.add(
          DifferenceKind.DECIDED_BY_ANOTHER_GROUP,
          decided.cancel(),
          desk
              + " decided for group "
              + seen.group()
              + ", and this intent is group "
              + group
              + "'s",
          List.of(decided.at(), decided.cancel().intent(), seen.decision()));
    }
  }

  /** Null: nobody handed the venue over here. */
  private @Nullable String group(String venue, Evidence intent) {
    NavigableMap<Long, HandOver> all = moved.get(venue);
    if (all == null || intent.partition() != partition || !intent.topic().equals(Topics.INTENTS)) {
      return null;
    }
    Map.Entry<Long, HandOver> last = all.floorEntry(intent.offset());
    if (last != null) {
      return last.getValue().to();
    }
    Map.Entry<Long, HandOver> first = all.firstEntry();
    return first == null ? null : first.getValue().from();
  }
}
