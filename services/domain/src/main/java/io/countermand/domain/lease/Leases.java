// Over 300 lines: leases and what nobody could read are one state, judged together.
package io.countermand.domain.lease;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The leases of one partition, as far as its log was read: which desks may have called for an
 * intent although no decision of theirs on it stands there.
 *
 * <p>A desk decides intents in the order of their offsets, and its records stand in the log in the
 * order in which it wrote them, none left out: their numbers show it. So one of its decisions
 * proves what it did about every intent before: it is in the log, or it did nothing ({@link
 * LeaseProof}). What another desk wrote, however much later, proves nothing about this one.
 *
 * <p>A decision counts where it stands in the log, by its place, before its value can be read. One
 * that nobody could read says nothing of its own intent, however: the desk may have called for it.
 * So does a call's marker under no lease.
 *
 * @param held leases that leave something open
 * @param unreadable what nobody could read, in the order of their intents
 */
public record Leases(List<Held> held, List<Unreadable> unreadable) {

  public static final Leases NONE = new Leases(List.of(), List.of());

  /** Beyond that the two oldest are taken for one that proves nothing. */
  private static final int MOST = 64;

  /** Beyond that the two nearest are taken for one, with what is between them. */
  public static final int MOST_UNREADABLE = 256;

  /** Of leases that were put together; no lease has it. */
  public static final long SEVERAL = -1;

  /**
   * What is known of a lease.
   *
   * @param from first intent that it covers
   * @param to first intent that it does not cover
   * @param proof of which intents the log says what was done about them
   * @param ended no call is begun under it any more
   * @param heardAt when its last record was appended
   */
  public record Held(
      long id,
      Set<String> venues,
      long from,
      long to,
      LeaseProof proof,
      boolean ended,
      Instant heardAt) {

    public Held {
      venues = Set.copyOf(venues);
    }

    boolean leavesOpen(String venue, long intent) {
      return covers(intent) && (venues.isEmpty() || venues.contains(venue)) && !proof.knows(intent);
    }

    private boolean covers(long intent) {
      return intent >= from && intent < to;
    }

    /** Whether it stands for several that were put together, since there were too many. */
    public boolean severalAsOne() {
      return id == SEVERAL;
    }

    /**
     * Whether it covers an intent, and its decisions that were read have no gap and end before: the
     * desk may have taken one on that intent with it.
     */
    public boolean endsBefore(long intent) {
      return covers(intent) && (severalAsOne() || proof.endsBefore(intent));
    }

    /** Whether nothing that it covers is open, or will be. */
    boolean settled() {
      return ended && proof.knowsAll(from, to);
    }

    private static Held begun(Lease lease, Instant appended) {
      return new Held(
          lease.id(),
          lease.venues(),
          lease.fromOffset(),
          lease.toOffset(),
          LeaseProof.since(lease.decisions(), lease.fromOffset(), lease.readTo()),
          lease.ended(),
          appended);
    }

    private Held told(Lease lease, Instant appended) {
      long end = Math.max(to, lease.toOffset());
      return new Held(
          id,
          venues,
          Math.min(from, lease.fromOffset()),
          lease.ended() ? Math.min(end, lease.readTo()) : end,
          proof.told(lease.decisions(), lease.readTo()),
          ended || lease.ended(),
          later(heardAt, appended));
    }

    private Held decided(Lease.Place place, Instant appended) {
      return new Held(id, venues, from, to, proof.decided(place), ended, later(heardAt, appended));
    }

    private Held and(Held other) {
      Set<String> both = new HashSet<>(venues);
      both.addAll(other.venues);
      return new Held(
          SEVERAL,
          venues.isEmpty() || other.venues.isEmpty() ? Set.of() : both,
          Math.min(from, other.from),
          Math.max(to, other.to),
          LeaseProof.NONE,
          false,
          later(heardAt, other.heardAt));
    }
  }

  /**
   * A decision or a marker that stands in the log, and went to dead letters; or several.
   *
   * @param lease theirs; {@link Lease.Place#NO_LEASE}: none; of several leases: {@link #SEVERAL}
   * @param attempt as in its place; of several: {@link Lease.Place#NOT_TOLD}
   * @param venue its order's; null: not known, or of several
   * @param from the first of their intents
   * @param to behind the last of their intents
   * @param appended when the last was appended
   */
  public record Unreadable(
      long lease, long attempt, @Nullable String venue, long from, long to, Instant appended) {

    private boolean covers(long intent) {
      return intent >= from && intent < to;
    }

    private boolean covers(String itsVenue, long intent) {
      return covers(intent) && (venue == null || venue.equals(itsVenue));
    }

    private boolean of(Unreadable other) {
      return lease == other.lease
          && attempt == other.attempt
          && from == other.from
          && to == other.to;
    }

    private boolean of(long intent) {
      return from == intent && to == intent + 1;
    }

    private Unreadable and(Unreadable other) {
      return new Unreadable(
          lease == other.lease ? lease : SEVERAL,
          Lease.Place.NOT_TOLD,
          Objects.equals(venue, other.venue) ? venue : null,
          Math.min(from, other.from),
          Math.max(to, other.to),
          later(appended, other.appended));
    }
  }

  public Leases {
    held = List.copyOf(held);
    unreadable = List.copyOf(unreadable);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /**
   * A lease's record was read.
   *
   * @param appended its time in the log
   */
  public Leases read(Lease lease, Instant appended) {
    List<Held> next = new ArrayList<>(held.size() + 1);
    Held its = null;
    for (Held one : held) {
      if (one.id() == lease.id() && !one.severalAsOne()) {
        its = one;
      } else {
        next.add(one);
      }
    }
    Held now = (its == null ? Held.begun(lease, appended) : its).told(lease, appended);
    if (!now.settled()) {
      next.add(now);
    }
    return bounded(next);
  }

  private Leases bounded(List<Held> all) {
    if (all.size() > MOST) {
      all.sort(Comparator.comparing(Held::heardAt));
      all.add(all.removeFirst().and(all.removeFirst()));
    }
    return new Leases(all, unreadable);
  }

  /**
   * A decision stands in the log, whether it can be read or not. What is under no lease proves
   * nothing.
   *
   * @param appended its time in the log
   */
  public Leases decided(Lease.Place place, Instant appended) {
    if (!place.leased()) {
      return this;
    }
    List<Held> next = new ArrayList<>(held.size());
    for (Held one : held) {
      boolean its = one.id() == place.lease() && !one.severalAsOne();
      Held now = its ? one.decided(place, appended) : one;
      if (!now.settled()) {
        next.add(now);
      }
    }
    return new Leases(next, unreadable);
  }

  /**
   * A decision or a marker went to dead letters: nobody knows whether its desk called.
   *
   * @param venue of its order; null: not known
   * @param appended its time in the log
   */
  public Leases unreadable(Lease.Place place, @Nullable String venue, Instant appended) {
    var one =
        new Unreadable(
            place.lease(), place.attempt(), venue, place.intent(), place.intent() + 1, appended);
    List<Unreadable> next = new ArrayList<>(unreadable);
    next.removeIf(one::of); // it was sent once more
    next.add(one);
    next.sort(BY_INTENT);
    if (next.size() > MOST_UNREADABLE) {
      int nearest = 1;
      for (int i = 2; i < next.size(); i++) {
        nearest = gap(next, i) < gap(next, nearest) ? i : nearest;
      }
      Unreadable after = next.remove(nearest);
      next.set(nearest - 1, next.get(nearest - 1).and(after));
    }
    return new Leases(held, next);
  }

  private static final Comparator<Unreadable> BY_INTENT =
      Comparator.comparingLong(Unreadable::from)
          .thenComparingLong(Unreadable::to)
          .thenComparingLong(Unreadable::lease)
          .thenComparingLong(Unreadable::attempt);

  private static long gap(List<Unreadable> spans, int i) {
    return spans.get(i).from() - spans.get(i - 1).to();
  }

  /** A record could be read, which was a dead letter, perhaps, and was sent once more. */
  public Leases known(Lease.Place place) {
    return without(
        one ->
            one.lease() == place.lease()
                && one.attempt() == place.attempt()
                && one.of(place.intent()));
  }

  /** A call for an intent is known by what could be read: its marker or its answer. */
  public Leases known(long intent, String attemptId) {
    if (unreadable.isEmpty()) {
      return this;
    }
    long attempt = Lease.Place.attempt(attemptId);
    return without(one -> one.attempt() == attempt && one.of(intent));
  }

  private Leases without(Predicate<Unreadable> which) {
    if (unreadable.isEmpty()) {
      return this;
    }
    List<Unreadable> left = unreadable.stream().filter(which.negate()).toList();
    return left.size() == unreadable.size() ? this : new Leases(held, left);
  }

  /** These, as they were at some record, with what has turned out since to be unreadable. */
  public Leases seenFrom(Leases now) {
    return new Leases(held, now.unreadable);
  }

  /** Whether nothing is open. */
  public boolean none() {
    return held.isEmpty() && unreadable.isEmpty();
  }

  /**
   * Leases under which an intent may have been called, though the log does not say so; {@link
   * Lease.Place#NO_LEASE} for a marker under none, {@link #SEVERAL} for what was put together.
   *
   * @param intent its offset in the partition at hand
   * @return their ids in order, so that it does not matter how they were heard of
   */
  public List<Long> mayHaveCalled(String venue, long intent) {
    List<Long> open = null;
    for (Held one : held) {
      if (one.leavesOpen(venue, intent)) {
        open = open == null ? new ArrayList<>(2) : open;
        open.add(one.id());
      }
    }
    for (Unreadable one : unreadable) {
      if (one.covers(venue, intent) && (open == null || !open.contains(one.lease()))) {
        open = open == null ? new ArrayList<>(2) : open;
        open.add(one.lease());
      }
    }
    if (open == null) {
      return List.of();
    }
    open.sort(null);
    return open;
  }

  /**
   * Without those that no cancel can need any more.
   *
   * @param since cancels whose intents were appended before have their outcomes, but for those in
   *     {@code live}, which are late because nobody was there to see their time come
   * @param read the next intent to be read
   * @param live offsets of the intents that have no outcome yet; null: nobody knows. Asked for only
   *     where there is something to forget
   */
  public Leases forget(Instant since, long read, Supplier<@Nullable List<Long>> live) {
    List<Held> old =
        held.stream().filter(one -> one.heardAt().isBefore(since) && one.to() <= read).toList();
    List<Unreadable> lost =
        unreadable.stream()
            .filter(one -> one.appended().isBefore(since) && one.to() <= read)
            .toList();
    List<Long> waiting = old.isEmpty() && lost.isEmpty() ? null : live.get();
    if (waiting == null) {
      return this;
    }
    List<Held> left = new ArrayList<>(held);
    left.removeIf(one -> old.contains(one) && waiting.stream().noneMatch(one::covers));
    List<Unreadable> kept = new ArrayList<>(unreadable);
    kept.removeIf(one -> lost.contains(one) && waiting.stream().noneMatch(one::covers));
    return left.size() == held.size() && kept.size() == unreadable.size()
        ? this
        : new Leases(left, kept);
  }
}
