package io.countermand.domain.lease;

import java.time.Instant;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A desk task's side of its leases: when to write which record, the numbers of its decisions, and
 * what may be called before its decision is durable. For the task's thread, but for {@link
 * #acknowledged} and {@link #lost}. Times in nanoseconds are of the process's own clock, which only
 * goes forward.
 *
 * <pre>
 * two intents close together, and the group knows us ──> lease written ──> acknowledged: in force
 * read on, or half of its time gone, and the group knows us still ──> written again, further and longer
 * no intent for its whole length, a decision not written, or the task ends ──> written as ended
 * </pre>
 */
public final class LeaseHold {

  /** A lease is in force until then, for offsets before {@code to}. */
  private record Force(
      long id, long to, long untilNanos, Instant until, Instant appended, long at) {}

  /** A record that is to be written, and was not acknowledged yet. */
  public record Claim(Lease lease, long untilNanos) {}

  /**
   * Leave to call for one intent before its decision is durable. Any thread.
   *
   * @param untilNanos no call begins then or later
   * @param until the same by the wall clock, which goes on while a machine is suspended
   * @param appended the lease's own time in the log
   * @param acknowledgedNanos when the desk knew of that
   */
  public record Ticket(long untilNanos, Instant until, Instant appended, long acknowledgedNanos) {

    /** Whether a call may begin now. */
    public boolean valid(long nanos, Instant now) {
      return nanos - untilNanos < 0 && now.isBefore(until);
    }

    /** It is this late at least by the log's clock. */
    public Instant atLeast(long nanos) {
      return appended.plusNanos(Math.max(0, nanos - acknowledgedNanos));
    }
  }

  private final LeaseRules rules;
  private final Supplier<Set<String>> decides;
  private final LongSupplier ids;
  private Set<String> venues = Set.of();
  private long id;
  private long from;
  private long to;
  private long untilNanos;
  private long provedNanos;
  private long decisions;

  /** The next intent. */
  private long position = -1;

  /** The highest intent that was decided; what is decided behind it was put off. */
  private long decided = -1;

  private long came;
  private long lastNanos;
  private boolean busy;
  private volatile @Nullable Force force;
  private volatile boolean over;
  private volatile boolean gap;

  /**
   * @param decides venues whose intents the desk decides, when a lease begins; without any there is
   *     none
   * @param ids gives each lease an id that no other has
   */
  public LeaseHold(LeaseRules rules, Supplier<Set<String>> decides, LongSupplier ids) {
    this.rules = rules;
    this.decides = decides;
    this.ids = ids;
  }

  /** An intent is read; before anything is decided about it. */
  public void reads(long offset, long nanos) {
    position = Math.max(position, offset);
    busy = came > 0 && nanos - lastNanos < rules.length().toNanos();
    came++;
    lastNanos = nanos;
  }

  /** The intent has been read. */
  public void hasRead(long offset) {
    position = Math.max(position, offset + 1);
  }

  /**
   * A record that is due.
   *
   * @param proved when the group last said that this desk is its member, or before; 0: never
   * @param now the wall clock
   * @return it is to be written behind all decisions so far and before the next; null: none is due
   */
  public @Nullable Claim due(long proved, long nanos, Instant now) {
    long length = rules.length().toNanos();
    if (id != 0 && (gap || nanos - lastNanos >= length)) {
      return end(nanos, now);
    }
    boolean known = proved != 0 && nanos - proved < length / 2;
    if (!known || position < 0) {
      return null;
    }
    if (id == 0) {
      if (!busy) {
        return null;
      }
      venues = Set.copyOf(decides.get());
      if (venues.isEmpty()) { // to the ledger that would be all
        return null;
      }
      id = ids.getAsLong();
      from = position;
      to = from;
      decisions = 0;
    } else if (proved - provedNanos <= 0
        || (to - position > rules.ahead(came) / 2 && untilNanos - nanos > length / 2)) {
      return null;
    }
    to = Math.max(to, position + rules.ahead(came));
    came = 1;
    provedNanos = proved;
    untilNanos = proved + length;
    return claim(now.plusNanos(untilNanos - nanos), false);
  }

  /**
   * The record that ends the lease; null: there is none. Nothing is called under it any more, but
   * for what has its {@link Ticket} already, whose decisions stand before that record.
   */
  public @Nullable Claim end(long nanos, Instant now) {
    if (id == 0) {
      return null;
    }
    force = null;
    untilNanos = nanos;
    Claim last = claim(now, true);
    id = 0;
    provedNanos = 0;
    busy = false;
    gap = false;
    return last;
  }

  /**
   * A decision that has its number may be missing in the log. Of the intents about it the lease
   * proves nothing, and it ends before the next intent. Any thread.
   */
  public void lost() {
    gap = true;
  }

  /** The task has ended: no call begins under its leases, tickets or not. */
  public void over() {
    over = true;
    force = null;
  }

  /** Any thread. */
  public boolean isOver() {
    return over;
  }

  private Claim claim(Instant until, boolean ended) {
    return new Claim(
        new Lease(id, venues, from, to, until, decisions, readTo(), ended), untilNanos);
  }

  /** It may be in the midst of one. */
  private long readTo() {
    return Math.max(position, decided + 1);
  }

  /** Whether there is a lease that has not ended. */
  public boolean held() {
    return id != 0;
  }

  /** A claim's record is durable. Any thread. */
  public void acknowledged(Claim claim, Instant appended, long nanos) {
    Lease lease = claim.lease();
    if (!lease.ended()) {
      force =
          new Force(
              lease.id(), lease.toOffset(), claim.untilNanos(), lease.until(), appended, nanos);
    }
  }

  /** The place of the decision that is written next, if no call's marker; null: no lease. */
  public Lease.@Nullable Place numbered(long intent) {
    decided = Math.max(decided, intent);
    return id == 0
        ? null
        : new Lease.Place(id, ++decisions, intent, readTo(), Lease.Place.NOT_TOLD);
  }

  /**
   * Leave to call for the intent that is read now; before its decision is numbered.
   *
   * @return null: its decision must be durable first
   */
  public @Nullable Ticket ticket(long intent, long nanos, Instant now) {
    Force is = force;
    boolean putOff = intent < position || intent <= decided; // then it counts as not called
    if (is == null || is.id() != id || putOff || intent < from || intent >= is.to()) {
      return null;
    }
    var ticket = new Ticket(is.untilNanos(), is.until(), is.appended(), is.at());
    return ticket.valid(nanos, now) ? ticket : null;
  }
}
