package io.countermand.simulation;

import io.countermand.domain.Cancel;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.lifecycle.Finding;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.lifecycle.ReadPositions;
import io.countermand.domain.order.Evidence;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** Ledgers that understand a reply wrongly, or forget, or act too early. */
final class LedgerMutants {

  private LedgerMutants() {}

  static Conduct withoutDedupe() {
    return new Conduct() {
      @Override
      protected boolean remembersSettled() {
        return false;
      }
    };
  }

  static Conduct readingWhatItReadBefore() {
    return new Conduct() {
      @Override
      protected boolean wasRead(ReadPositions positions, Evidence at, Instant appended) {
        return false;
      }

      @Override
      protected boolean mayHaveForgotten(ReadPositions positions, Cancel cancel) {
        return false;
      }
    };
  }

  static Conduct openingWhatItMayHaveForgotten() {
    return new Conduct() {
      @Override
      protected boolean mayHaveForgotten(ReadPositions positions, Cancel cancel) {
        return false;
      }
    };
  }

  static Conduct forgettingDuplicatesLess() {
    return new Conduct() {
      @Override
      protected long coveredBy(ReadPositions positions, Evidence intent) {
        return intent.offset();
      }
    };
  }

  static Conduct withTimersOutsideTheLog() {
    return new Conduct() {
      @Override
      protected boolean timersThroughLog() {
        return false;
      }
    };
  }

  static Conduct withoutTransactions() {
    return new Conduct() {
      @Override
      protected boolean exactlyOnce() {
        return false;
      }
    };
  }

  static Conduct tellingFindings(int times) {
    return new Conduct() {
      @Override
      protected int tellings(Finding finding) {
        return times;
      }
    };
  }

  static Conduct ambiguousAsNotSent() {
    return replies(
        r ->
            r.reply() instanceof Reply.Ambiguous
                ? as(r, new Reply.NotSent(Reason.VENUE_UNAVAILABLE, r.reply().told()), false)
                : r);
  }

  static Conduct retryLaterAsReached() {
    return replies(
        r ->
            r.reply() instanceof Reply.RetryLater
                ? as(r, new Reply.Ambiguous(r.reply().told()), true)
                : r);
  }

  private static Conduct replies(UnaryOperator<LedgerEvent.Replied> change) {
    return new Conduct() {
      @Override
      protected LedgerEvent understood(LedgerEvent event) {
        return event instanceof LedgerEvent.Replied replied ? change.apply(replied) : event;
      }
    };
  }

  private static LedgerEvent.Replied as(LedgerEvent.Replied was, Reply reply, boolean sent) {
    return new LedgerEvent.Replied(
        was.cancel(),
        was.attemptId(),
        was.attemptNo(),
        was.kind(),
        reply,
        sent,
        was.sentAt(),
        was.at(),
        was.time());
  }
}
