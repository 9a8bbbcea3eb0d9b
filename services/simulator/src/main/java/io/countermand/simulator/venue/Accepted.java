package io.countermand.simulator.venue;

import io.countermand.simulator.options.SimulatedCredentials;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The credentials that an instance takes now: one set, or two side by side, as while a firm changes
 * its key. Never empty. Thread-safe.
 */
public final class Accepted {

  private volatile List<SimulatedCredentials> all;

  public Accepted(SimulatedCredentials first) {
    all = List.of(first);
  }

  /** The newest. */
  public SimulatedCredentials newest() {
    return all.getLast();
  }

  /**
   * From now on; tokens that logins gave before stay as they are.
   *
   * @param beside whether the newest so far is taken, too; else all former ones are refused at once
   */
  public synchronized void change(SimulatedCredentials next, boolean beside) {
    all = beside ? List.of(newest(), next) : List.of(next);
  }

  /** Whether this is a static bearer token. */
  boolean token(@Nullable String bearer) {
    return any(each -> each.token().equals(bearer));
  }

  /** Whether this is the key inside a webhook. */
  boolean key(@Nullable String key) {
    return any(each -> each.key().equals(key));
  }

  /**
   * Whether one set has them all.
   *
   * @param key null: not asked for
   */
  boolean login(@Nullable String user, @Nullable String password, @Nullable String key) {
    return any(
        each ->
            each.user().equals(user)
                && each.password().equals(password)
                && (key == null || Objects.equals(each.key(), key)));
  }

  private boolean any(Predicate<SimulatedCredentials> which) {
    return all.stream().anyMatch(which);
  }
}
