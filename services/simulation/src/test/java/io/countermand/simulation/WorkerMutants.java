package io.countermand.simulation;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.WorkerRules;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Workers that call, or acknowledge, too early or too late. */
final class WorkerMutants {

  private WorkerMutants() {}

  static Conduct callingBeforeTheMarkerIsDurable() {
    return new Conduct() {
      @Override
      protected boolean markerBeforeCall() {
        return false;
      }
    };
  }

  static Conduct committingBeforeTheMarkerIsDurable() {
    return new Conduct() {
      @Override
      protected boolean markerBeforeCommit() {
        return false;
      }
    };
  }

  static Conduct notLookingAtTheClockBeforeTheCall() {
    return new Conduct() {
      @Override
      protected Reply.@Nullable NotSent lateBeforeCall(
          WorkerRules rules, CancelRequest request, Instant now) {
        return null;
      }
    };
  }

  static Conduct usingAnAttemptIdTwice() {
    return new Conduct() {
      @Override
      protected String attemptId(CancelRequest request, int delivery) {
        return request.cancel().cancelId() + "-" + request.attemptNo();
      }
    };
  }
}
