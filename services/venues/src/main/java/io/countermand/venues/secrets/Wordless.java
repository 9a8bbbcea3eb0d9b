package io.countermand.venues.secrets;

import org.jspecify.annotations.Nullable;

/**
 * A failure as it may be logged: where it happened and of what classes it is. Its words are left
 * out, since they may quote what was sent or what a venue answered.
 */
public final class Wordless extends RuntimeException {

  private static final long serialVersionUID = 1;
  private static final int DEEPEST = 8;

  private Wordless(Throwable failure, @Nullable Wordless cause) {
    super(failure.getClass().getName(), cause, false, true);
    setStackTrace(failure.getStackTrace());
  }

  public static Wordless of(Throwable failure) {
    return of(failure, DEEPEST);
  }

  private static Wordless of(Throwable failure, int deep) {
    Throwable cause = failure.getCause();
    return new Wordless(failure, cause == null || deep == 0 ? null : of(cause, deep - 1));
  }
}
