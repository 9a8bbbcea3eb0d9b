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
   * A decision's place among those of its lease, and in the intents.
   *
   * @param lease its id
   * @param number counted from 1, in the order in which the desk wrote them
   * @param intent the offset of what was decided
   * @param readTo as in a lease: the desk calls early for no intent before this one any more
   */
  public record Place(long lease, long number, long intent, long readTo) {}
}
