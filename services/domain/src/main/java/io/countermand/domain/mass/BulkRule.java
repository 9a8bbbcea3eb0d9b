package io.countermand.domain.mass;

import io.countermand.domain.order.OrderEvent;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Whether one call that cancels all open orders of an account may be made in the place of many. It
 * hits whatever is open there, so each order that the venue's fresh list shows open must be one
 * whose cancel it carries, or one that the venue took a cancel of already. Pure.
 *
 * <pre>
 * order is listed open and                 | then
 * -----------------------------------------+----------------------------
 * its cancel waits for its own call        | carried
 * the venue just took a cancel of ours     | harmless: hit once more
 * anything else, a call under way included | a stranger: no such call
 * </pre>
 *
 * <p>A cancel whose order is not listed open is not carried: its own call says more.
 */
public final class BulkRule {

  /** Such a call needs two lists besides: of fewer, each one's own call is as good. */
  public static final int FEWEST = 8;

  /** Those that wait less at the venue's rate have their own calls. */
  public static final Duration PATIENCE = Duration.ofSeconds(2);

  private BulkRule() {}

  /**
   * What a list says. Immutable.
   *
   * @param carried keys of orders whose cancels wait, and that are open
   * @param strangers keys of other orders that the call would hit
   */
  public record Plan(Set<String> carried, Set<String> strangers) {

    public Plan {
      carried = Set.copyOf(carried);
      strangers = Set.copyOf(strangers);
    }

    /** Whether the call would hit what is to be cancelled, and nothing else. */
    public boolean exact() {
      return strangers.isEmpty() && !carried.isEmpty();
    }
  }

  /**
   * @param listed by the venue as orders of the account, under whatever name
   * @param waiting keys of orders whose cancels wait for their own calls
   * @param taken keys of orders of which the venue took a cancel of ours some seconds ago at most
   */
  public static Plan plan(Collection<OrderEvent> listed, Set<String> waiting, Set<String> taken) {
    Set<String> carried = new HashSet<>();
    Set<String> strangers = new HashSet<>();
    for (OrderEvent order : listed) {
      if (order.ordStatus().terminal()) {
        continue;
      }
      String key = order.order().key();
      if (waiting.contains(key)) {
        carried.add(key);
      } else if (!taken.contains(key)) {
        strangers.add(key);
      }
    }
    return new Plan(carried, strangers);
  }
}
