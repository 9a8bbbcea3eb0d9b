package io.countermand.simulation;

import io.countermand.domain.Cancel;
import io.countermand.domain.Evidence;
import io.countermand.domain.GateDecision;
import io.countermand.domain.GateOrder;
import io.countermand.domain.GateRules;
import io.countermand.domain.OrderEvent;
import io.countermand.domain.OrderFold;
import io.countermand.domain.OrderState;
import io.countermand.domain.Outcome;
import io.countermand.domain.QueueView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Desks that forget something, or let through what they should not. */
final class GateMutants {

  private GateMutants() {}

  static Conduct withoutSingleFlight() {
    return deciding(
        (known, decision) ->
            decision instanceof GateDecision.Join join
                ? new GateDecision.Route(join.order())
                : decision);
  }

  static Conduct withoutEarlyReject() {
    return deciding(
        (known, decision) ->
            decision instanceof GateDecision.Refuse refuse
                    && refuse.reason().name().startsWith("ORDER_")
                ? new GateDecision.Route(refuse.order())
                : decision);
  }

  /** The same record again after a crash is taken for a duplicate. */
  static Conduct takingARepeatForADuplicate() {
    return new Conduct() {
      @Override
      protected GateDecision decide(
          GateRules rules, GateOrder known, Cancel cancel, Instant now, QueueView queue) {
        GateOrder.Flight flight = known.flight();
        return flight != null && flight.cancelId().equals(cancel.cancelId())
            ? new GateDecision.Repeat()
            : super.decide(rules, known, cancel, now, queue);
      }
    };
  }

  /** The same record again is routed again, whatever became of the order meanwhile. */
  static Conduct routingARepeatOfAnEndedOrder() {
    return new Conduct() {
      @Override
      protected GateDecision decide(
          GateRules rules, GateOrder known, Cancel cancel, Instant now, QueueView queue) {
        GateOrder.Flight flight = known.flight();
        return flight != null
                && flight.cancelId().equals(cancel.cancelId())
                && flight.offset() == cancel.intent().offset()
            ? new GateDecision.Route(known.order())
            : super.decide(rules, known, cancel, now, queue);
      }
    };
  }

  static Conduct forgettingWhoJoined() {
    return keeping(g -> new GateOrder(g.order(), g.flight(), List.of(), g.refused(), g.recent()));
  }

  static Conduct forgettingWhatItRefused() {
    return keeping(g -> new GateOrder(g.order(), g.flight(), g.joined(), List.of(), g.recent()));
  }

  static Conduct deafToSuccessors() {
    return new Conduct() {
      @Override
      protected GateOrder settled(GateOrder known, Outcome outcome, Duration slack) {
        GateOrder next = super.settled(known, outcome, slack);
        return outcome.successor() == null
            ? next
            : new GateOrder(next.order(), null, List.of(), next.refused(), next.recent());
      }
    };
  }

  static Conduct committingBeforeItsSendsAreDurable() {
    return new Conduct() {
      @Override
      protected boolean flushesBeforeCommit() {
        return false;
      }
    };
  }

  static Conduct droppingWhatItCannotUse() {
    return new Conduct() {
      @Override
      protected boolean keepsDeadLetters() {
        return false;
      }
    };
  }

  /** The last event wins, however old it is. */
  static Conduct foldingWhateverComesLast() {
    return new Conduct() {
      @Override
      protected OrderState fold(@Nullable OrderState old, OrderEvent event, Evidence at) {
        return OrderFold.fold(null, event, at);
      }
    };
  }

  private static Conduct deciding(BiFunction<GateOrder, GateDecision, GateDecision> change) {
    return new Conduct() {
      @Override
      protected GateDecision decide(
          GateRules rules, GateOrder known, Cancel cancel, Instant now, QueueView queue) {
        return change.apply(known, super.decide(rules, known, cancel, now, queue));
      }
    };
  }

  private static Conduct keeping(UnaryOperator<GateOrder> change) {
    return new Conduct() {
      @Override
      protected GateOrder apply(
          GateRules rules, GateOrder known, Cancel cancel, GateDecision decision) {
        return change.apply(super.apply(rules, known, cancel, decision));
      }
    };
  }
}
