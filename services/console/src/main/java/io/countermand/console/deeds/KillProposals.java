package io.countermand.console.deeds;

import io.countermand.console.access.Visitor;
import io.countermand.events.MassCancel;
import io.countermand.events.MassReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Mass cancels that one person has asked for, and that wait for another's word. Kept here alone: a
 * form names one and can change nothing of it, and a restart forgets them all, so nothing is done.
 * Bounded. Thread-safe.
 */
public final class KillProposals {

  private static final int MOST = 100;

  private final InstantSource clock;
  private final Map<String, Proposal> waiting = new LinkedHashMap<>();

  public KillProposals(InstantSource clock) {
    this.clock = clock;
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
    public Proposal inDoubt(MassCancel asked) {
      return new Proposal(asked, seconds, counted, scope, word, at, by, person, until, true);
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
    public boolean of(Visitor who) {
      return person.equals(who.person()) || by.equals(who.name());
    }
  }

  /** By which they get too old. */
  public Instant now() {
    return clock.instant();
  }

  /** Whether there is room for it. */
  public synchronized boolean add(Proposal proposal) {
    forgetOld();
    if (waiting.size() >= MOST && !waiting.containsKey(proposal.id())) {
      return false;
    }
    waiting.put(proposal.id(), proposal);
    return true;
  }

  /** What was taken, and did not take effect; bounded, as it was there before. */
  public synchronized void putBack(Proposal proposal) {
    waiting.put(proposal.id(), proposal); // what is in doubt must not be taken for what is not
    forgetOld();
  }

  /** Whether one more can wait. */
  public synchronized boolean room() {
    forgetOld();
    return waiting.size() < MOST;
  }

  /** Those that can be confirmed now, the newest first. */
  public synchronized List<Proposal> all() {
    forgetOld();
    return new ArrayList<>(waiting.values()).reversed();
  }

  /** It still waits. */
  public synchronized Optional<Proposal> find(String id) {
    forgetOld();
    return Optional.ofNullable(waiting.get(id));
  }

  /** Takes it away, for one alone; empty: it waits no more. */
  public synchronized Optional<Proposal> take(String id) {
    forgetOld();
    return Optional.ofNullable(waiting.remove(id));
  }

  private void forgetOld() {
    Instant now = clock.instant();
    waiting.values().removeIf(each -> !now.isBefore(each.until()));
  }
}
