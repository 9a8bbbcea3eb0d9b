package io.countermand.venues.limits;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One budget per user of a venue and one governor per credential: CrossTrade counts REST, WebSocket
 * and webhook of a user together, and may refuse the token while it takes the webhook's key.
 * Thread-safe.
 */
public final class Limits {

  /** What all instances of one credential share; the budget with others of the same user, too. */
  public record Shared(Budget budget, VenueGovernor governor) {}

  private record User(Budget budget, List<VenueGovernor> governors) {}

  private final Clock clock;
  private final Map<Object, User> users = new ConcurrentHashMap<>();
  private final Map<Object, Shared> byCredential = new ConcurrentHashMap<>();

  public Limits(Clock clock) {
    this.clock = clock;
  }

  /** For a user who has this credential only. */
  public Shared of(String name, Object credential, Rate rate) {
    return of(name, credential, credential, rate);
  }

  /**
   * @param name for people; the first instance's name stays
   * @param user equal for instances whose calls the venue counts together
   * @param credential equal for instances that authenticate alike
   * @param rate as the user's first instance says; later ones take what is there
   */
  public Shared of(String name, Object user, Object credential, Rate rate) {
    return byCredential.computeIfAbsent(
        credential,
        key -> {
          String print = key instanceof Fingerprinted known ? known.fingerprint() : null;
          var governor = new VenueGovernor(name, clock, print);
          User of =
              users.computeIfAbsent(
                  user, any -> new User(new Budget(rate, clock), new CopyOnWriteArrayList<>()));
          of.governors().add(governor);
          governor.onPause(pause -> tellTheUsersOthers(of, governor, pause));
          return new Shared(of.budget(), governor);
        });
  }

  /** What the venue counts by user it stops by user; a refusal is of one credential. */
  private static void tellTheUsersOthers(User user, VenueGovernor from, Pause pause) {
    if (pause.cause() == Pause.Cause.RATE_LIMITED || pause.cause() == Pause.Cause.LOCKED_OUT) {
      var theirs = new Pause(pause.until(), pause.cause(), pause.text());
      user.governors().stream()
          .filter(other -> other != from)
          .forEach(other -> other.pause(theirs));
    }
  }
}
