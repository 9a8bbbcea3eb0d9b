package io.countermand.domain.lifecycle;

import io.countermand.domain.ReplyKind;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderState;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds a record that was worked into an order's page against the outcomes given before it, and
 * tells what it finds.
 */
final class FindingRun {

  private final OrderWork page;
  private final FindingRules rules;
  private final OrderLedger before;

  /**
   * @param before the page before the record
   */
  FindingRun(OrderWork page, FindingRules rules, OrderLedger before) {
    this.page = page;
    this.rules = rules;
    this.before = before;
  }

  void look(LedgerEvent event) {
    for (JudgedCancel said : before.judged()) {
      FindingKind kind = kind(said, event);
      if (kind != null) {
        page.judged(said, said.told(kind, page.order()));
        page.effect(new LedgerEffect.Find(finding(said, kind, event)));
      }
    }
  }

  private @Nullable FindingKind kind(JudgedCancel said, LedgerEvent event) {
    FindingKind byOrder = byOrder(said, event);
    return byOrder != null && !said.told().contains(byOrder) ? byOrder : byCall(said, event);
  }

  private @Nullable FindingKind byOrder(JudgedCancel said, LedgerEvent event) {
    OrderState now = page.order();
    if (now == null || now.equals(before.order())) {
      return null;
    }
    boolean its =
        event instanceof LedgerEvent.Replied r && said.concerns(r.cancel(), r.attemptId());
    return said.cancel().order().named() && !its ? null : rules.byOrder(said, before.order(), now);
  }

  private @Nullable FindingKind byCall(JudgedCancel said, LedgerEvent event) {
    FindingKind kind =
        switch (event) {
          case LedgerEvent.Replied r when said.concerns(r.cancel(), r.attemptId()) ->
              rules.byAnswer(said, r);
          case LedgerEvent.Started s when said.concerns(s.cancel(), s.attemptId()) ->
              rules.byMarker(said, s);
          default -> null;
        };
    return kind == null || said.told().contains(kind) ? null : kind;
  }

  private Finding finding(JudgedCancel said, FindingKind kind, LedgerEvent event) {
    OrderState now = page.order();
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(event.at());
    if (now != null && now.evidence() != null && !now.evidence().equals(event.at())) {
      evidence.add(now.evidence());
    }
    return new Finding(
        said.cancel(),
        said.result(),
        said.reason(),
        said.decidedAt(),
        kind,
        now == null ? null : now.ordStatus(),
        now == null ? null : now.cumQty(),
        now != null && now.disputed(),
        text(said, kind, event),
        List.copyOf(evidence),
        page.touchedAt());
  }

  private String text(JudgedCancel said, FindingKind kind, LedgerEvent event) {
    String outcome = said.result() + " " + said.reason();
    String order = "the order is " + order(page.order());
    return switch (kind) {
      case RESOLVED -> order + "; the outcome was " + outcome;
      case EXECUTED_MORE -> order + "; " + executed(said.cumQty()) + " was said";
      case CONTRADICTED ->
          byOrder(said, event) == kind
              ? order + "; " + (said.saidHow() ? said.ordStatus() : "not open") + " was said"
              : call(event) + "; the outcome was " + outcome + ", and " + order;
    };
  }

  private static String call(LedgerEvent event) {
    return switch (event) {
      case LedgerEvent.Replied r ->
          "the call " + r.attemptId() + " was answered with " + ReplyKind.of(r.reply());
      case LedgerEvent.Started s -> "the call " + s.attemptId() + " has a marker";
      default -> throw new IllegalArgumentException("no record of a call: " + event);
    };
  }

  private static String order(@Nullable OrderState order) {
    return order == null
        ? "not known"
        : order.ordStatus()
            + (order.disputed() ? " (disputed)" : "")
            + (order.cumQty() == null ? "" : ", " + executed(order.cumQty()));
  }

  private static String executed(@Nullable BigDecimal quantity) {
    return quantity == null ? "nothing" : quantity.toPlainString() + " executed";
  }
}
