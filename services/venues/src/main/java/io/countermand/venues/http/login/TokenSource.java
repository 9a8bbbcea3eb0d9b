package io.countermand.venues.http.login;

import io.countermand.venues.CredentialWatch;
import io.countermand.venues.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where the bearer token of a call comes from. Thread-safe. */
public interface TokenSource extends AutoCloseable {

  /** The token to use now; waits for one at most {@code timeout}. */
  CallPermission access(Duration timeout);

  /** Looks for other credentials from now on, also while the venue is paused. Idempotent. */
  default void start() {}

  /** Whether {@link #access} gives another by now. */
  default boolean replaced(@Nullable Secret token) {
    return false;
  }

  /** The venue refused this token. True if {@link #access} may give another. */
  boolean rejected(@Nullable Secret token);

  /** Nothing is renewed any more. Idempotent. */
  @Override
  default void close() {}

  /**
   * A credential that is itself the token, as it is in force.
   *
   * @param name of the credential
   */
  static TokenSource of(CredentialWatch watch, String name) {
    return new TokenSource() {
      @Override
      public void start() {
        watch.start();
      }

      @Override
      public CallPermission access(Duration timeout) {
        watch.start();
        return new CallPermission.Granted(watch.now().get(name));
      }

      @Override
      public boolean replaced(@Nullable Secret token) {
        return !watch.now().get(name).equals(token);
      }

      @Override
      public boolean rejected(@Nullable Secret token) {
        return replaced(token) || !watch.lookAgain().get(name).equals(token);
      }

      @Override
      public void close() {
        watch.close();
      }
    };
  }

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
