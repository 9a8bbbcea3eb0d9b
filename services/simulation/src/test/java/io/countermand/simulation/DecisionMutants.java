package io.countermand.simulation;

import io.countermand.domain.Cancel;
import io.countermand.domain.Outcome;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.decision.DeskRules;
import io.countermand.domain.decision.QueueView;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderFold;
import io.countermand.domain.order.OrderState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Desks that forget something, or let through what they should not. */
final class DecisionMutants {

  private DecisionMutants() {}

  static Conduct withoutSingleFlight() {
    return deciding(
        (known, decision) ->
            decision instanceof DeskDecision.Join join
                ? new DeskDecision.Route(join.order())
                : decision);
  }

  static Conduct withoutEarlyReject() {
    return deciding(
        (known, decision) ->
            decision instanceof DeskDecision.Refuse refuse
                    && refuse.reason().name().startsWith("ORDER_")
                ? new DeskDecision.Route(refuse.order())
                : decision);
  }

  /** The same record again after a crash is taken for a duplicate. */
  static Conduct takingARepeatForADuplicate() {
    return new Conduct() {
      @Override
      protected DeskDecision decide(
          DeskRules rules, DeskOrder known, Cancel cancel, Instant now, QueueView queue) {
        DeskOrder.Flight flight = known.flight();
        return flight != null && flight.cancelId().equals(cancel.cancelId())
            ? new DeskDecision.Repeat()
            : super.decide(rules, known, cancel, now, queue);
      }
    };
  }

  /** The same record again is routed again, whatever became of the order meanwhile. */
  static Conduct routingARepeatOfAnEndedOrder() {
    return new Conduct() {
      @Override
      protected DeskDecision decide(
          DeskRules rules, DeskOrder known, Cancel cancel, Instant now, QueueView queue) {
        DeskOrder.Flight flight = known.flight();
        return flight != null
                && flight.cancelId().equals(cancel.cancelId())
                && flight.offset() == cancel.intent().offset()
            ? new DeskDecision.Route(known.order())
            : super.decide(rules, known, cancel, now, queue);
      }
    };
  }

  static Conduct forgettingWhoJoined() {
    return keeping(g -> new DeskOrder(g.order(), g.flight(), List.of(), g.refused(), g.recent()));
  }

  static Conduct forgettingWhatItRefused() {
    return keeping(g -> new DeskOrder(g.order(), g.flight(), g.joined(), List.of(), g.recent()));
  }

  static Conduct deafToSuccessors() {
    return new Conduct() {
      @Override
      protected DeskOrder settled(DeskOrder known, Outcome outcome, Duration slack) {
        DeskOrder next = super.settled(known, outcome, slack);
        return outcome.successor() == null
            ? next
            : new DeskOrder(next.order(), null, List.of(), next.refused(), next.recent());
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

  private static Conduct deciding(BiFunction<DeskOrder, DeskDecision, DeskDecision> change) {
    return new Conduct() {
      @Override
      protected DeskDecision decide(
          DeskRules rules, DeskOrder known, Cancel cancel, Instant now, QueueView queue) {
        return change.apply(known, super.decide(rules, known, cancel, now, queue));
      }
    };
  }

  private static Conduct keeping(UnaryOperator<DeskOrder> change) {
    return new Conduct() {
      @Override
      protected DeskOrder apply(
          DeskRules rules, DeskOrder known, Cancel cancel, DeskDecision decision) {
        return change.apply(super.apply(rules, known, cancel, decision));
      }
    };
  }

  /** A batch's time is over; what lies behind it is written, and offsets are committed. */
  static Conduct goingOnBehindALostRecord() {
    return new Conduct() {
      @Override
      protected boolean endsAtALostRecord() {
        return false;
      }
    };
  }
}
