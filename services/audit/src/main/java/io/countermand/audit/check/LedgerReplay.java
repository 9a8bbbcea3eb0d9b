// Over 300 lines: one search through the orders in which the ledger can have read; its steps share
// their state.
package io.countermand.audit.check;

import io.countermand.audit.source.AuditRules;
import io.countermand.domain.Cancel;
import io.countermand.domain.lifecycle.LedgerEffect;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.lifecycle.Lifecycle;
import io.countermand.domain.lifecycle.OrderLedger;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderState;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Derives what the ledger wrote of one order from what it read. Each of its three topics has its
 * order recorded; how it took turns between them is recorded only in part: each outcome names its
 * evidence in the order in which it was seen. So this looks for a turn-taking that fits that and
 * leads to exactly the recorded outcomes, findings, requests and order events. The true one does,
 * so a history as it happened is never called wrong; one that no turn-taking leads to is.
 */
final class LedgerReplay {

  private static final int MOST_STEPS = 60_000;

  /** The ledger may not have come to a record that is this much younger than its last output. */
  private static final Duration LAG = Duration.ofSeconds(60);

  /** Clocks of the parts and of the broker may differ by so much. */
  private static final Duration SKEW = Duration.ofSeconds(5);

  /** What came of it. */
  sealed interface Result {
    /** Some turn-taking leads to what is recorded. */
    record Derived(int steps) implements Result {}

    /** None does; this is how far the best one got. */
    record Differs(String text, List<Evidence> evidence, int topic) implements Result {}

    /** Too many to try. */
    record Undecided(int steps) implements Result {}
  }

  private record Input(LedgerEvent event, Instant time) {}

  private record Past(String cancelId, Lifecycle.Settled settled, @Nullable Past next) {}

  /** A place in the search from which nothing fits. */
  private record Node(
      List<Integer> at, OrderLedger state, @Nullable Past past, List<Integer> written) {
    static Node of(int[] at, OrderLedger state, @Nullable Past past, int[] written) {
      return new Node(
          Arrays.stream(at).boxed().toList(), state, past, Arrays.stream(written).boxed().toList());
    }
  }

  private final List<List<Input>> inputs;
  private final LedgerRecords expected;
  private final AuditRules rules;
  private final AuditScope scope;
  private final Instant newest;

  /** For each input, places (topic, index) that must have been read before it. */
  private final Map<Evidence, List<int[]>> after = new HashMap<>();

  private final Set<Node> dead = new HashSet<>();
  private int steps;
  private int deepest = -1;
  private Result.@Nullable Differs best;

  private LedgerReplay(
      List<List<Input>> inputs,
      LedgerRecords expected,
      AuditRules rules,
      AuditScope scope,
      Instant newest) {
    this.inputs = inputs;
    this.expected = expected;
    this.rules = rules;
    this.scope = scope;
    this.newest = newest;
  }

  /**
   * @param since order events of before were read, cancels of before were not
   */
  static Result of(OrderHistory history, AuditRules rules, AuditScope scope, Instant since) {
    List<Input> intents = new ArrayList<>();
    List<Evidence> conflicts = new ArrayList<>();
    for (OrderHistory.Asked asked : history.intents) {
      var cancel = asked.wellFormed();
      if (cancel != null) {
        intents.add(
            new Input(new LedgerEvent.IntentSeen(cancel, asked.at(), asked.time()), asked.time()));
      }
      if ("CONFLICTING_CONTENT".equals(scope.deadLetter(asked.at()))) {
        conflicts.add(asked.at());
      }
    }
    List<Input> progress =
        history.progress.stream()
            .filter(said -> scope.deadLetter(said.event().at()) == null)
            .map(said -> new Input(said.event(), said.time()))
            .toList();
    List<OrderHistory.Seen> seen =
        history.events.stream().filter(e -> scope.deadLetter(e.at()) == null).toList();
    List<Input> events =
        seen.stream()
            .filter(e -> !e.time().isBefore(since))
            .map(e -> new Input(new LedgerEvent.OrderSeen(e.event(), e.at(), e.time()), e.time()))
            .toList();
    var replay =
        new LedgerReplay(
            List.of(intents, progress, events),
            LedgerRecords.of(history, conflicts),
            rules,
            scope,
            newest(history));
    replay.order(history);
    return replay.run(new TableAt(seen, since).before());
  }

  /** What order events from before the range may have left in the ledger's store. */
  private record TableAt(List<OrderHistory.Seen> events, Instant since) {
    List<OrderLedger> before() {
      List<OrderLedger> starts = new ArrayList<>();
      starts.add(OrderLedger.NONE);
      OrderState state = null;
      Instant touched = Instant.EPOCH;
      for (OrderHistory.Seen seen : events) {
        if (seen.time().isBefore(since)) {
          if (new OrderLedger(state, List.of(), touched).heeds(seen.event())) {
            state = io.countermand.domain.order.OrderFold.fold(state, seen.event(), seen.at());
            touched = seen.time();
          }
        }
      }
      if (state != null) {
        starts.add(new OrderLedger(state, List.of(), touched));
      }
      return starts;
    }
  }

  private static Instant newest(OrderHistory history) {
    Instant newest = Instant.EPOCH;
    for (OrderHistory.Answered one : history.outcomes) {
      newest = one.time().isAfter(newest) ? one.time() : newest;
    }
    for (OrderHistory.Requested one : history.retries) {
      newest = one.time().isAfter(newest) ? one.time() : newest;
    }
    for (OrderHistory.Found one : history.found) {
      newest = one.time().isAfter(newest) ? one.time() : newest;
    }
    for (OrderHistory.Seen one : history.events) {
      newest = one.time().isAfter(newest) ? one.time() : newest;
    }
    return newest;
  }

  /** Each outcome's own evidence is in the order in which the ledger saw it. */
  private void order(OrderHistory history) {
    Map<Evidence, int[]> places = new HashMap<>();
    for (int topic = 0; topic < inputs.size(); topic++) {
      for (int i = 0; i < inputs.get(topic).size(); i++) {
        places.put(inputs.get(topic).get(i).event().at(), new int[] {topic, i});
      }
    }
    for (OrderHistory.Answered answered : history.outcomes) {
      if (answered.outcome().joinedTo() != null) {
        continue; // the leader's evidence is appended to its own
      }
      int[] last = null;
      for (Evidence one : answered.outcome().evidence()) {
        int[] place = places.get(one);
        if (place != null && last != null && last[0] != place[0]) {
          after.computeIfAbsent(one, any -> new ArrayList<>()).add(last);
        }
        last = place == null ? last : place;
      }
    }
  }

  private Result run(List<OrderLedger> starts) {
    for (OrderLedger start : starts) {
      if (search(new int[3], start, null, new int[LedgerRecords.TOPICS])) {
        return new Result.Derived(steps);
      }
    }
    if (steps >= MOST_STEPS || best == null) {
      return new Result.Undecided(steps);
    }
    return best;
  }

  private boolean search(int[] at, OrderLedger state, @Nullable Past past, int[] written) {
    if (steps >= MOST_STEPS) {
      return false;
    }
    List<Integer> turns = turns(at);
    if (turns.isEmpty()) {
      return ended(at, written);
    }
    boolean choice = turns.size() > 1;
    if (choice && !dead.isEmpty() && dead.contains(Node.of(at, state, past, written))) {
      return false;
    }
    for (int topic : turns) {
      if (take(topic, at, state, past, written)) {
        return true;
      }
    }
    if (choice) {
      dead.add(Node.of(at, state, past, written));
    }
    return false;
  }

  /** All inputs are read, or those that are left wait for each other. */
  private boolean ended(int[] at, int[] written) {
    for (int topic = 0; topic < inputs.size(); topic++) {
      if (at[topic] < inputs.get(topic).size()) {
        Evidence left = head(topic, at).event().at();
        remember(at, "named as evidence in an order that cannot be", List.of(left), 0);
        return false;
      }
    }
    for (int topic = 0; topic < LedgerRecords.TOPICS; topic++) {
      if (topic != 3 && written[topic] < expected.size(topic)) {
        Evidence extra = expected.at(topic, written[topic]);
        remember(at, "recorded, and nothing leads to it", List.of(extra), topic);
        return false;
      }
    }
    return true;
  }

  /** Topics whose next record may be next, oldest first. */
  private List<Integer> turns(int[] at) {
    List<Integer> turns = new ArrayList<>(3);
    for (int topic = 0; topic < inputs.size(); topic++) {
      if (at[topic] < inputs.get(topic).size() && free(head(topic, at), at)) {
        turns.add(topic);
      }
    }
    turns.sort((a, b) -> head(a, at).time().compareTo(head(b, at).time()));
    return turns;
  }

  private Input head(int topic, int[] at) {
    return inputs.get(topic).get(at[topic]);
  }

  private boolean free(Input input, int[] at) {
    List<int[]> before = after.get(input.event().at());
    return before == null || before.stream().allMatch(place -> at[place[0]] > place[1]);
  }

  private boolean take(int topic, int[] at, OrderLedger state, @Nullable Past past, int[] written) {
    Input input = head(topic, at);
    int[] next = at.clone();
    next[topic]++;
    if (step(input, next, state, past, written, past)) {
      return true;
    }
    boolean mayForget =
        state.open().isEmpty()
            && !state.equals(OrderLedger.NONE)
            && !newest.plus(SKEW).isBefore(state.touchedAt().plus(rules.ledger().rememberOrder()));
    if (mayForget && step(input, next, OrderLedger.NONE, past, written, past)) {
      return true;
    }
    return mayForgetIds(past) && step(input, next, state, past, written, null);
  }

  private boolean mayForgetIds(@Nullable Past past) {
    for (Past one = past; one != null; one = one.next()) {
      if (!newest.isBefore(one.settled().at().plus(rules.rememberSettled()))) {
        return true;
      }
    }
    return false;
  }

  private boolean step(
      Input input,
      int[] next,
      OrderLedger state,
      @Nullable Past past,
      int[] written,
      @Nullable Past remembered) {
    steps++;
    LedgerEvent event = input.event();
    if (event instanceof LedgerEvent.OrderSeen seen && !state.heeds(seen.event())) {
      return search(next, state, past, written);
    }
    Lifecycle.Step step = Lifecycle.step(state, event, rules.ledger(), memory(remembered, event));
    int[] out = step.effects().isEmpty() ? written : written.clone();
    Past known = past;
    for (LedgerEffect effect : step.effects()) {
      if (effect instanceof LedgerEffect.Ask ask
          && !rules.desk().venues().contains(ask.request().cancel().order().venue())) {
        continue; // nobody would read it
      }
      if (effect instanceof LedgerEffect.Find && !scope.has(Topics.FINDINGS)) {
        continue;
      }
      int topic = LedgerRecords.topic(effect);
      String differs = expected.differs(effect, out[topic]);
      if (differs != null) {
        if (out[topic] >= expected.size(topic) && unread(input, written)) {
          return true; // the ledger had not come to this record yet
        }
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(event.at());
        if (topic != 3 && out[topic] < expected.size(topic)) {
          evidence.addFirst(expected.at(topic, out[topic]));
        }
        remember(next, differs, evidence, topic);
        return false;
      }
      out[topic]++;
      if (effect instanceof LedgerEffect.Settle(var outcome)) {
        known =
            new Past(
                outcome.cancel().cancelId(),
                new Lifecycle.Settled(outcome.cancel().digest(), outcome.decidedAt(), -1),
                known);
      }
    }
    return search(next, step.state(), known, out);
  }

  private Lifecycle.Memory memory(@Nullable Past remembered, LedgerEvent event) {
    return new Lifecycle.Memory() {
      @Override
      public Lifecycle.@Nullable Settled settled(String cancelId) {
        return LedgerReplay.settled(remembered, cancelId);
      }

      @Override
      public List<Long> mayHaveCalled(Cancel cancel) {
        return scope.leases().mayHaveCalled(cancel, event.at().offset());
      }
    };
  }

  private boolean unread(Input input, int[] written) {
    for (int topic = 0; topic < LedgerRecords.TOPICS; topic++) {
      if (topic != 3 && written[topic] < expected.size(topic)) {
        return false;
      }
    }
    return scope.ledgerUntil().isBefore(input.time().plus(LAG));
  }

  private static Lifecycle.@Nullable Settled settled(@Nullable Past past, String cancelId) {
    for (Past one = past; one != null; one = one.next()) {
      if (one.cancelId().equals(cancelId)) {
        return one.settled();
      }
    }
    return null;
  }

  private void remember(int[] at, String text, List<Evidence> evidence, int topic) {
    int depth = Arrays.stream(at).sum();
    if (depth > deepest) {
      deepest = depth;
      best = new Result.Differs(text, evidence, topic);
    }
  }
}
