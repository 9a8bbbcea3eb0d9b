package io.countermand.domain.decision;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.RequestKind;

/**
 * The lanes of a venue's queue, the fastest first: a lane moves when all before it are empty, or
 * where mass cancels only call again ({@link LaneQueue#next}).
 */
public enum Lane {
  /** Attempts of mass cancels, whichever: one that was not sent does not wait behind others. */
  KILL,
  /** First attempts of intents with a priority. */
  PRIORITY,
  /** Other first attempts. */
  FRESH,
  /** Later attempts of other cancels. */
  RETRY,
  /** Status queries: they cancel nothing. */
  STATUS;

  /** The lane of a request. */
  public static Lane of(CancelRequest request) {
    if (request.kind() == RequestKind.STATUS) {
      return STATUS;
    }
    boolean later = request.attemptNo() > 1 && request.cancel().massId() == null;
    return later ? RETRY : of(request.cancel());
  }

  /** The lane of a cancel's first attempt. */
  public static Lane of(Cancel cancel) {
    if (cancel.massId() != null) {
      return KILL;
    }
    Integer priority = cancel.priority();
    return priority != null && priority > 0 ? PRIORITY : FRESH;
  }
}
