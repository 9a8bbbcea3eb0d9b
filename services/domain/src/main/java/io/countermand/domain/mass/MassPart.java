package io.countermand.domain.mass;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Reason;
import io.countermand.domain.order.Evidence;
import java.util.List;
import java.util.Set;

/** What becomes of a mass cancel, piece by piece. */
public sealed interface MassPart {

  /**
   * A desk tells a part of the scope.
   *
   * @param venues that this desk serves
   * @param orders keys of orders in scope, whose intents are durable
   * @param last whether this is all; only then the following are told
   * @param readTo the command, and the next order event
   * @param late the deadline came, or the release of a kill switch, before all order events were
   *     read that were there when the command was
   */
  record Frozen(
      int partition,
      Set<String> venues,
      List<String> orders,
      boolean last,
      List<AccountSeen> accounts,
      List<Evidence> readTo,
      boolean late)
      implements MassPart {}

  /** An order in scope has its outcome. */
  record Settled(String order, String cancelId, CancelResult result, Reason reason, Evidence intent)
      implements MassPart {}

  /**
   * One call that cancels all of an account is made for orders in scope: told before it is, and
   * once more when it is known what it did.
   *
   * @param callId tells this call from others
   * @param orders whose cancels it carries; 0: it was not made after all
   * @param beyond keys of orders that the venue says it took, which were not to be cancelled
   * @param told whether it is known what it did
   */
  record Bulk(
      String callId, String venue, String account, int orders, List<String> beyond, boolean told)
      implements MassPart {}
}
