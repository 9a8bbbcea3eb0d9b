package io.countermand.domain.lease;

import java.time.Instant;
import java.util.Set;

/**
 * A desk's word in a partition of cancel-progress: for intents of these offsets it may call a venue
 * before its decision is durable. Whoever reads it must take an intent among them, of which no
 * decision of this desk stands in the log, for one that may have been called.
 *
 * <p>What counts is the offset, never a clock: {@code until} only narrows what the desk does.
 *
 * @param id of this lease, from its first record to its end; every task that begins has another
 * @param venues whose intents it covers; empty: all
 * @param fromOffset first intent that it covers; the same in each of its records
 * @param toOffset first intent that it does not cover any more
 * @param until when the desk stops calling under it, unless it is renewed; by the desk's clock
 * @param decisions so many of its decisions stand in the log before this record
 * @param readTo the desk, when it wrote this, calls early for no intent before this one any more:
 *     it has read them
 * @param ended no call is begun under it any more
 */
public record Lease(
    long id,
    Set<String> venues,
    long fromOffset,
    long toOffset,
    Instant until,
    long decisions,
    long readTo,
    boolean ended) {

  public Lease {
    venues = Set.copyOf(venues);
  }

  /**
   * A decision's place among those of its lease, and in the intents; or, of a call's marker that is
   * under no lease, that it is one.
   *
   * @param lease its id; {@link #NO_LEASE}: none
   * @param number counted from 1, in the order in which the desk wrote them; under no lease 0
   * @param intent the offset of what was decided, or called for
   * @param readTo as in a lease: the desk calls early for no intent before this one any more
   * @param attempt which call it is the marker of ({@link #attempt(String)}); {@link #NOT_TOLD}: it
   *     does not say, and may be none
   */
  public record Place(long lease, long number, long intent, long readTo, long attempt) {

    /** No lease has it. */
    public static final long NO_LEASE = 0;

    public static final long NOT_TOLD = 0;

    private static final int ATTEMPT_BITS = 35; // five bytes of seven bits

    /** Of a marker under no lease. */
    public static Place unleased(long intent, String attemptId) {
      return new Place(NO_LEASE, 0, intent, intent + 1, attempt(attemptId));
    }

    /** The same, of a decision that is a call's marker, too. */
    public Place marking(String attemptId) {
      return new Place(lease, number, intent, readTo, attempt(attemptId));
    }

    /**
     * A short name of an attempt, by which a marker that cannot be read is known again; above 0.
     */
    public static long attempt(String attemptId) {
      long hash = 1;
      for (int i = 0; i < attemptId.length(); i++) {
        hash = 0x100000001b3L * (hash ^ attemptId.charAt(i));
      }
      return Math.max(1, (hash ^ (hash >>> ATTEMPT_BITS)) & ((1L << ATTEMPT_BITS) - 1));
    }

    boolean leased() {
      return lease != NO_LEASE;
    }
  }
}
