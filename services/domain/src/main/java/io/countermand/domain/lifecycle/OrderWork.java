package io.countermand.domain.lifecycle;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Outcome;
import io.countermand.domain.RequestKind;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An order's page in the ledger while one record is worked into it. By id, so that a record that
 * touches all of an order's cancels costs each of them once.
 */
final class OrderWork {

  private final List<LedgerEffect> effects = new ArrayList<>();
  private final OrderLedger before;
  private final @Nullable Evidence progress;
  private final Map<String, OpenCancel> open;
  private @Nullable OrderState order;
  private List<JudgedCancel> judged;

  /**
   * @param progress the record that is worked in, if it is one of the progress
   */
  OrderWork(OrderLedger before, @Nullable Evidence progress) {
    this.before = before;
    this.progress = progress;
    this.order = before.order();
    this.judged = before.judged();
    this.open = LinkedHashMap.newLinkedHashMap(before.open().size() + 1);
    before.open().forEach(cancel -> open.put(cancel.id(), cancel));
  }

  @Nullable OrderState order() {
    return order;
  }

  Instant touchedAt() {
    return before.touchedAt();
  }

  int size() {
    return open.size();
  }

  @Nullable OpenCancel find(String cancelId) {
    return open.get(cancelId);
  }

  /** In order of arrival. A view: whoever changes the page meanwhile copies it first. */
  Collection<OpenCancel> open() {
    return open.values();
  }

  /** A live cancel other than this one that calls or will call the venue; null: none. */
  @Nullable OpenCancel leader(String otherThan) {
    for (OpenCancel cancel : open.values()) {
      if (cancel.leads() && !cancel.id().equals(otherThan)) {
        return cancel;
      }
    }
    return null;
  }

  void effect(LedgerEffect effect) {
    effects.add(effect);
  }

  void order(OrderState state) {
    order = state;
  }

  void keep(OpenCancel cancel) {
    open.put(cancel.id(), cancel);
  }

  void drop(OpenCancel cancel) {
    open.remove(cancel.id());
  }

  /** An outcome was given. */
  void judged(Outcome outcome) {
    judged = JudgedCancel.more(judged, JudgedCancel.of(outcome));
  }

  /** More was learned of a cancel that has its outcome, if it is kept still. */
  void judged(JudgedCancel said, JudgedCancel now) {
    judged = judged.stream().map(one -> one.equals(said) ? now : one).toList();
  }

  /** Has the venue called once more. */
  void ask(OpenCancel cancel, RequestKind kind, Instant now) {
    effect(
        new LedgerEffect.Ask(
            new CancelRequest(cancel.cancel(), kind, cancel.asks() + 1, cancel.continuation(), now)
                .following(progress)));
    keep(cancel.asked(kind));
  }

  Lifecycle.Step done() {
    return new Lifecycle.Step(
        new OrderLedger(order, List.copyOf(open.values()), judged, before.touchedAt()),
        List.copyOf(effects));
  }
}
