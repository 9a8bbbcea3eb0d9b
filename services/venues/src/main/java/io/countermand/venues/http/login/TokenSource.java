package io.countermand.venues.http.login;

import io.countermand.venues.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where the bearer token of a call comes from. Thread-safe. */
public interface TokenSource extends AutoCloseable {

  /** The token to use now; waits for one at most {@code timeout}. */
  CallPermission access(Duration timeout);

  /** Whether {@link #access} gives another by now. */
  default boolean replaced(@Nullable Secret token) {
    return false;
  }

  /** The venue refused this token. True if {@link #access} may give another. */
  boolean rejected(@Nullable Secret token);

  /** Nothing is renewed any more. Idempotent. */
  @Override
  default void close() {}

  /** One that never changes; null: none at all. */
  static TokenSource fixed(@Nullable Secret token) {
    return new TokenSource() {
      @Override
      public CallPermission access(Duration timeout) {
        return new CallPermission.Granted(token);
      }

      @Override
      public boolean rejected(@Nullable Secret refused) {
        return false;
      }
    };
  }
}
