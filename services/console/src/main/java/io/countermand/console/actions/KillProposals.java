package io.countermand.console.actions;

import io.countermand.console.access.SignedInUser;
import io.countermand.events.MassCancel;
import io.countermand.events.MassReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Mass cancels that one person has asked for, and that wait for another's word. Kept here alone: a
 * form names one and can change nothing of it, and a restart forgets them all, so nothing is done.
 * Those of who is no killer any more wait until he is one again. Bounded. Thread-safe.
 */
public final class KillProposals {

  private static final int MOST = 100;
  private static final int MOST_OF_ONE = 10;

  /** So long somebody may still want to know what became of it. */
  private static final Duration IN_DOUBT = Duration.ofHours(1);

  private final InstantSource clock;
  private final Predicate<String> killers;
  private final Map<String, Proposal> waiting = new LinkedHashMap<>();

  /** Who adds one soon, by its id. */
  private final Map<String, String> coming = new HashMap<>();

  private final Set<String> withdrawn = new LinkedHashSet<>();

  public KillProposals(InstantSource clock) {
    this(clock, _ -> true);
  }

  /**
   * @param killers whether a person is a killer now
   */
  public KillProposals(InstantSource clock, Predicate<String> killers) {
    this.clock = clock;
    this.killers = killers;
  }

  /**
   * One of them.
   *
   * @param mass to be asked for, but for its times and, unless it is in doubt, who confirms it
   * @param seconds after it is confirmed no call to a venue starts
   * @param counted what was counted for who proposes it
   * @param scope in words
   * @param word that is to be typed
   * @param at when it was proposed
   * @param by the name of who proposes it
   * @param person the same for whatever names he has had
   * @param until it can be confirmed, not later
   * @param doubted it was confirmed, and nobody knows whether it was asked for
   */
  public record Proposal(
      MassCancel mass,
      int seconds,
      MassReport counted,
      String scope,
      String word,
      Instant at,
      String by,
      String person,
      Instant until,
      boolean doubted) {

    /** By which a form names it; no two that wait have one. */
    public String id() {
      return mass.getMassId();
    }

    /**
     * The same, as nobody knows any more whether it was asked for.
     *
     * @param asked so; whoever confirms it once more asks for the very same
     */
    private Proposal inDoubt(MassCancel asked, Instant longer) {
      return new Proposal(asked, seconds, counted, scope, word, at, by, person, longer, true);
    }

    /** How long ago it was counted. */
    public Duration age(Instant now) {
      return Duration.between(counted.getMass().getCreatedAt(), now);
    }

    /**
     * Whether it must be counted again before it is confirmed. Not once it was confirmed: then what
     * was counted may be cancelled already.
     */
    public boolean stale(Instant now) {
      return !doubted && age(now).compareTo(Counters.HOLDS) > 0;
    }

    /**
     * Whether he is who proposed it, under whatever name; or has his name, so that no record could
     * tell the two apart.
     */
    public boolean of(SignedInUser who) {
      return person.equals(who.person()) || by.equals(who.name());
    }
  }

  /** By which they get too old. */
  public Instant now() {
    return clock.instant();
  }

  /** Keeps a place for one that is added soon; false: too many wait, in all or of that person. */
  public synchronized boolean reserve(String id, String person) {
    forgetOld();
    long own =
        Stream.concat(coming.values().stream(), waiting.values().stream().map(Proposal::person))
            .filter(person::equals)
            .count();
    return own < MOST_OF_ONE
        && waiting.size() + coming.size() < MOST
        && coming.putIfAbsent(id, person) == null;
  }

  /** At the place that was kept for it. */
  public synchronized void add(Proposal proposal) {
    coming.remove(proposal.id());
    waiting.put(proposal.id(), proposal);
  }

  /** None comes. */
  public synchronized void giveUp(String id) {
    coming.remove(id);
  }

  /** What was taken, and did not take effect; bounded, as it was there before. */
  public synchronized void putBack(Proposal proposal) {
    waiting.put(proposal.id(), proposal); // what is in doubt must not be taken for what is not
    forgetOld();
  }

  /**
   * What was taken and confirmed, where nobody knows whether it was asked for: that stands there
   * for an hour, however soon it would have been too old.
   *
   * @param asked so
   */
  public void doubt(Proposal proposal, MassCancel asked) {
    putBack(proposal.inDoubt(asked, now().plus(IN_DOUBT)));
  }

  /** What was taken is withdrawn. */
  public synchronized void withdraw(String id) {
    withdrawn.add(id);
    if (withdrawn.size() > MOST) {
      withdrawn.remove(withdrawn.iterator().next());
    }
  }

  /** Whether it is one of those that were withdrawn last. */
  public synchronized boolean withdrawn(String id) {
    return withdrawn.contains(id);
  }

  /** Those that can be confirmed now, the newest first. */
  public synchronized List<Proposal> all() {
    forgetOld();
    return waiting.values().stream().filter(this::open).toList().reversed();
  }

  /** It still waits. */
  public synchronized Optional<Proposal> find(String id) {
    forgetOld();
    return Optional.ofNullable(waiting.get(id)).filter(this::open);
  }

  /** Takes it away, for one alone; empty: it waits no more. */
  public synchronized Optional<Proposal> take(String id) {
    Optional<Proposal> found = find(id);
    found.ifPresent(each -> waiting.remove(id));
    return found;
  }

  /** What is in doubt was confirmed when he who proposed it was a killer. */
  private boolean open(Proposal proposal) {
    return proposal.doubted() || killers.test(proposal.person());
  }

  private void forgetOld() {
    Instant now = clock.instant();
    waiting.values().removeIf(each -> !now.isBefore(each.until()));
  }
}
