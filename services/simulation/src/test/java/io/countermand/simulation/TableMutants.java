package io.countermand.simulation;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.lifecycle.CancelTable;
import io.countermand.domain.lifecycle.OpenCancel.Belief;
import io.countermand.domain.lifecycle.OpenCancel.Phase;
import io.countermand.domain.order.OrdStatus;

/** Cancel tables with one cell wrong. */
final class TableMutants {

  private TableMutants() {}

  static Conduct with(CancelTable table) {
    return new Conduct() {
      @Override
      protected CancelTable table() {
        return table;
      }
    };
  }

  static CancelTable reply(ReplyKind kind, Belief others, CancelTable.Next wrong) {
    return new CancelTable() {
      @Override
      public Next onCancelReply(ReplyKind reply, Belief belief, boolean answered) {
        return reply == kind && belief == others
            ? wrong
            : super.onCancelReply(reply, belief, answered);
      }
    };
  }

  /** A final answer is forgotten once another attempt of the same cancel was not sent. */
  static CancelTable forgetfulOfAnswers() {
    return new CancelTable() {
      @Override
      public Next onCancelReply(ReplyKind reply, Belief belief, boolean answered) {
        return super.onCancelReply(reply, belief, false);
      }
    };
  }

  static CancelTable withoutBarrier() {
    return new CancelTable() {
      @Override
      public Next onOrderEnded(Phase phase, Belief belief, OrdStatus status) {
        Next next = super.onOrderEnded(phase, belief, status);
        return next == Next.BARRIER ? Next.AS_ORDER : next;
      }
    };
  }

  static CancelTable deadline(Belief belief, CancelTable.Next wrong) {
    return new CancelTable() {
      @Override
      public Next onDeadline(Phase phase, Belief known) {
        return known == belief && phase != Phase.JOINED ? wrong : super.onDeadline(phase, known);
      }
    };
  }

  static CancelTable settlingAFullQueueAtOnce() {
    return new CancelTable() {
      @Override
      public Next onRefused(Reason reason, boolean graceOver) {
        return reason == Reason.QUEUE_FULL ? Next.REJECTED : super.onRefused(reason, graceOver);
      }
    };
  }

  static CancelTable joinedInherit(CancelResult result) {
    return new CancelTable() {
      @Override
      public boolean holdsForJoined(Outcome outcome) {
        return outcome.result() == result || super.holdsForJoined(outcome);
      }
    };
  }
}
