package io.countermand.app.drill;

import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.journal.Journal;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.journal.JournalEntry;
import io.countermand.simulator.journal.JournalEntry.Answered;
import io.countermand.simulator.request.CallKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The calls that came to the venues in a drill, and which of them had no cause to come again. */
final class DrillCalls {

  /** Faults after which the caller has its answer all the same. */
  private static final Set<String> ANSWERED = Set.of("delay", "filled-first", "twice");

  /** A call-time-out is not kept to the millisecond. */
  private static final Duration ABOUT = Duration.ofMillis(100);

  private final Map<String, List<JournalCall>> cancels = new HashMap<>();
  private final Map<String, Integer> questions = new HashMap<>();
  private final Map<String, List<Instant>> drops = new HashMap<>();
  private final Map<String, Integer> faults = new TreeMap<>();
  private final Map<String, Duration> timeouts;
  private final Set<String> sockets;
  private final List<Instant> kills;

  /**
   * @param since earlier ones are none of the drill's
   * @param timeouts for one call, by venue
   * @param sockets venues whose calls share a connection, so that all of them are lost with it
   * @param kills when a part of the pipeline was killed, and what it knew with it
   */
  DrillCalls(
      Journal journal,
      Instant since,
      Map<String, Duration> timeouts,
      Set<String> sockets,
      List<Instant> kills) {
    this.timeouts = timeouts;
    this.sockets = sockets;
    this.kills = kills;
    Map<Long, Set<String>> changed = new HashMap<>();
    for (JournalEntry entry : journal.since(1, Integer.MAX_VALUE)) {
      if (entry instanceof JournalEntry.Changed one && one.cause().equals("cancel")) {
        changed
            .computeIfAbsent(one.call(), _ -> new LinkedHashSet<>())
            .add(one.order().ref().key());
      }
    }
    for (JournalCall call : journal.calls()) {
      if (call.kind() == CallKind.MASS_CANCEL && !call.received().at().isBefore(since)) {
        changed
            .getOrDefault(call.received().call(), Set.of())
            .forEach(key -> cancels.computeIfAbsent(key, _ -> new ArrayList<>()).add(call));
      }
      if (!call.received().at().isBefore(since)) {
        add(call);
      }
    }
  }

  private void add(JournalCall call) {
    var received = call.received();
    Answered answered = call.answered();
    if (answered != null && answered.fault() != null) {
      faults.merge(answered.fault(), 1, Integer::sum);
      if (answered.status() == 0) {
        drops.computeIfAbsent(received.venue(), _ -> new ArrayList<>()).add(answered.at());
      }
    }
    if (received.orderId() == null) {
      return;
    }
    String account = received.account() == null ? "" : received.account();
    String key = new OrderRef(received.venue(), account, received.orderId()).key();
    if (call.kind() == CallKind.CANCEL) {
      cancels.computeIfAbsent(key, _ -> new ArrayList<>()).add(call);
    } else if (call.kind() == CallKind.STATUS) {
      questions.merge(key, 1, Integer::sum);
    }
  }

  /** Keys of all orders that a cancel came for. */
  Set<String> orders() {
    return cancels.keySet();
  }

  /** In the order in which they came; one that cancelled all of an account is one of each. */
  List<JournalCall> cancels(String order) {
    return cancels.getOrDefault(order, List.of());
  }

  int questions(String order) {
    return questions.getOrDefault(order, 0);
  }

  /** How many calls each fault met. */
  Map<String, Integer> faults() {
    return faults;
  }

  /** The calls that came though the caller had, or was still to get, the answer before. */
  List<JournalCall> withoutCause(String order) {
    List<JournalCall> all = cancels(order);
    List<JournalCall> without = new ArrayList<>();
    for (int n = 1; n < all.size(); n++) {
      if (!lost(all.get(n - 1), all.get(n).received().at())) {
        without.add(all.get(n));
      }
    }
    return without;
  }

  /** Whether the caller can have had no answer that settled it, when it called again. */
  private boolean lost(JournalCall call, Instant again) {
    Answered answered = call.answered();
    Instant came = call.received().at();
    String venue = call.received().venue();
    if (answered == null || refusedForNow(answered) || between(kills, came, again)) {
      return true;
    }
    if (sockets.contains(venue) && between(drops.get(venue), came, again)) {
      return true;
    }
    Duration timeout = timeouts.get(venue);
    return timeout != null
        && Duration.between(came, answered.at()).plus(ABOUT).compareTo(timeout) >= 0;
  }

  /** No answer left, or one that asks to come again. */
  private static boolean refusedForNow(Answered answered) {
    String fault = answered.fault();
    return answered.status() == 0
        || answered.status() >= 500
        || answered.status() == 429
        || (fault != null && !ANSWERED.contains(fault));
  }

  private static boolean between(@Nullable List<Instant> times, Instant from, Instant to) {
    return times != null && times.stream().anyMatch(at -> !at.isBefore(from) && !at.isAfter(to));
  }
}
