package io.countermand.venues.secrets;

import org.jspecify.annotations.Nullable;

/**
 * A failure as it may be logged: where it happened and of what classes it is. Its words are left
 * out, since they may quote what was sent or what a venue answered.
 */
public final class RedactedFailure extends RuntimeException {

  private static final long serialVersionUID = 1;
  private static final int DEEPEST = 8;

  private RedactedFailure(Throwable failure, @Nullable RedactedFailure cause) {
    super(failure.getClass().getName(), cause, false, true);
    setStackTrace(failure.getStackTrace());
  }

  public static RedactedFailure of(Throwable failure) {
    return of(failure, DEEPEST);
  }

  private static RedactedFailure of(Throwable failure, int deep) {
    Throwable cause = failure.getCause();
    return new RedactedFailure(failure, cause == null || deep == 0 ? null : of(cause, deep - 1));
  }
}
