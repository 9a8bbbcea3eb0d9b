package io.countermand.simulation;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.decision.CallRules;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Desks that call too early, too late or too often, or lose what waits. */
final class CallMutants {

  private CallMutants() {}

  static Conduct callingBeforeTheMarkerIsDurable() {
    return new Conduct() {
      @Override
      protected boolean markerBeforeCall() {
        return false;
      }
    };
  }

  static Conduct notLookingAtTheClockBeforeTheCall() {
    return new Conduct() {
      @Override
      protected Reply.@Nullable NotSent lateBeforeCall(
          CallRules rules, CancelRequest request, Instant now) {
        return null;
      }
    };
  }

  static Conduct usingAnAttemptIdTwice() {
    return new Conduct() {
      @Override
      protected String attemptId(CancelRequest request, int number) {
        return request.cancel().cancelId() + "-" + request.attemptNo();
      }
    };
  }

  static Conduct notLookingWhenTheMarkerWasAppended() {
    return new Conduct() {
      @Override
      protected Instant marked(Instant appended, Instant now) {
        return now;
      }
    };
  }

  static Conduct takingThePermitAfterTheMark() {
    return new Conduct() {
      @Override
      protected boolean permitBeforeMark() {
        return false;
      }
    };
  }

  static Conduct forgettingAWaitingCallBeforeItIsMarked() {
    return new Conduct() {
      @Override
      protected boolean keptUntilMarked() {
        return false;
      }
    };
  }

  /** One that decides an intent again though it has found its call, or takes a request so. */
  static Conduct callingWhatItRestoredOnceMore(boolean first) {
    return new Conduct() {
      @Override
      protected boolean knowsWhatItRestored(CancelRequest request) {
        return first != (request.attemptNo() == 1);
      }
    };
  }

  static Conduct losingWhatWaitsAtARestart() {
    return new Conduct() {
      @Override
      protected boolean restoresWaiting() {
        return false;
      }
    };
  }
}
