package io.countermand.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** An order's page in the ledger while one record is worked into it. */
final class Page {

  private final List<LedgerEffect> effects = new ArrayList<>();
  private OrderLedger state;

  Page(OrderLedger state) {
    this.state = state;
  }

  OrderLedger state() {
    return state;
  }

  void effect(LedgerEffect effect) {
    effects.add(effect);
  }

  void order(OrderState order) {
    state = state.withOrder(order);
  }

  void keep(OpenCancel open) {
    state = state.with(open);
  }

  void drop(OpenCancel open) {
    state = state.without(open.id());
  }

  /** Has the venue called once more. */
  void ask(OpenCancel open, RequestKind kind, Instant now) {
    effect(
        new LedgerEffect.Ask(
            new CancelRequest(open.cancel(), kind, open.asks() + 1, open.continuation(), now)));
    keep(open.asked(kind));
  }

  Lifecycle.Step done() {
    return new Lifecycle.Step(state, List.copyOf(effects));
  }
}
