package io.countermand.audit.mass;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Reason;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.Evidence;
import io.countermand.platform.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the topics tell of one mass cancel, or kill switch. Not thread-safe. */
final class MassRecords {

  /** A place, and Kafka's time of the record. */
  record At(Evidence at, Instant time) {}

  /** A part of its scope, or an outcome that was told to it. */
  record Heard(MassPart part, At at) {}

  /** A report. */
  record Said(MassReport report, At at) {}

  /** A record of kill-switches. */
  record Shown(KillSwitch one, At at) {}

  /** An outcome of one of its cancels. */
  record Answered(String cancelId, CancelResult result, Reason reason, At at) {}

  /**
   * What the order events say of an order that its scope reaches.
   *
   * @param fit whether any state of it is in scope
   * @param first the order's first event
   * @param atCommand it shows the order open and in scope when the command came, and none after it
   *     the order's end before the scope was told; null: so it was not
   * @param under it shows the order open and in scope while the switch was on, and a desk has read
   *     it meanwhile; null: none does
   */
  record Seen(MassScope.Fit fit, At first, @Nullable At atCommand, @Nullable At under) {}

  final MassCancel mass;

  /** By partition. */
  final Map<Integer, At> commands = new TreeMap<>();

  final Map<Integer, At> releases = new TreeMap<>();
  final List<Heard> parts = new ArrayList<>();
  final Map<String, List<At>> intents = new TreeMap<>();
  final Map<String, List<Answered>> outcomes = new HashMap<>();
  final Map<String, Seen> orders = new TreeMap<>();
  @Nullable Said report;
  @Nullable Shown shown;

  MassRecords(MassCancel mass) {
    this.mass = mass;
  }

  Instant taken() {
    return commands.values().iterator().next().time();
  }

  /** Keys of the orders that a partition's desks have told; of all of them where it is null. */
  Set<String> frozen(@Nullable Integer partition) {
    Set<String> keys = new HashSet<>();
    for (MassPart.Frozen one : scopes(partition)) {
      keys.addAll(one.orders());
    }
    return keys;
  }

  List<MassPart.Frozen> scopes(@Nullable Integer partition) {
    List<MassPart.Frozen> scopes = new ArrayList<>();
    for (Heard one : parts) {
      if (one.part() instanceof MassPart.Frozen scope
          && (partition == null || scope.partition() == partition)) {
        scopes.add(scope);
      }
    }
    return scopes;
  }

  /** Up to which order event the desks of a venue had read when they told their scope; 0: none. */
  long readTo(int partition, String venue) {
    return scopes(partition).stream()
        .filter(scope -> scope.last() && scope.venues().contains(venue))
        .flatMap(scope -> scope.readTo().stream())
        .filter(at -> at.topic().equals(Topics.ORDER_EVENTS))
        .mapToLong(Evidence::offset)
        .max()
        .orElse(0);
  }
}
