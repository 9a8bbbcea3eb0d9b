package io.countermand.simulator.fault;

import io.countermand.simulator.request.VenueRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The script of what goes wrong; the first rule that matches and fires counts. Thread-safe. */
public final class FaultScript {

  private final List<Active> rules = new CopyOnWriteArrayList<>();
  private final RandomGenerator random;

  public FaultScript(RandomGenerator random) {
    this.random = random;
  }

  public void add(FaultRule rule) {
    rules.add(new Active(rule));
  }

  /** The next request about an order at this venue. */
  public void next(String venue, Fault fault) {
    add(FaultRule.next(venue, 1, fault));
  }

  /** The next {@code times} requests about orders at this venue. */
  public void next(String venue, int times, Fault fault) {
    add(FaultRule.next(venue, times, fault));
  }

  /** It fires no more. */
  public void remove(FaultRule rule) {
    rules.removeIf(active -> active.rule.equals(rule));
  }

  public void clear() {
    rules.clear();
  }

  /** What is still to fire. */
  public List<FaultRule> rules() {
    return rules.stream().map(Active::rule).toList();
  }

  @Nullable
  public Fault pick(VenueRequest ask) {
    for (var active : rules) {
      if (active.rule.matches(ask)) {
        var fault = fire(active);
        if (fault != null) {
          return fault;
        }
      }
    }
    return null;
  }

  private synchronized @Nullable Fault fire(Active active) {
    var rule = active.rule;
    if (active.left == 0 || random.nextDouble() >= rule.probability()) {
      return null;
    }
    if (rule.times() != Integer.MAX_VALUE && --active.left == 0) {
      rules.remove(active);
    }
    return rule.faults().get(random.nextInt(rule.faults().size()));
  }

  private static final class Active {
    private final FaultRule rule;
    private int left;

    Active(FaultRule rule) {
      this.rule = rule;
      this.left = rule.times();
    }

    FaultRule rule() {
      return rule;
    }
  }
}
