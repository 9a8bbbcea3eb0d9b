package io.countermand.domain.lifecycle;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Outcome;
import io.countermand.domain.order.OrderEvent;

/** What the ledger is to do, in order, after its new state was decided. */
public sealed interface LedgerEffect {

  /** Publish a later attempt or a status query to cancel-retries. */
  record Ask(CancelRequest request) implements LedgerEffect {}

  /** Publish the outcome and remember that the cancel is settled. */
  record Settle(Outcome outcome) implements LedgerEffect {}

  /** Publish what was learned of a cancel after its outcome. */
  record Find(Finding finding) implements LedgerEffect {}

  /** Publish what a venue's reply proved of the order. */
  record Tell(OrderEvent event) implements LedgerEffect {}

  /** Send the intent record to dead letters: its cancelId stands for something else already. */
  record Conflict(Cancel cancel, String text) implements LedgerEffect {}
}
