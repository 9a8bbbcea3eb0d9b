package io.countermand.simulation.engine;

/**
 * What may go wrong, mostly as chances in a thousand at every place where it can.
 *
 * @param crash of a part at a step
 * @param pause of a part at a step, short or long enough to be fenced
 * @param slow of a fetch or a send
 * @param venue of an answer other than the plain one
 * @param feed of an order event to be lost, repeated or late
 * @param skew largest difference of a part's clock from true time, ms
 * @param lateSend of a killed part's sends to arrive after its death, up to 3 s later
 * @param offsets of the groups' offsets to be lost long after all was settled and forgotten
 * @param expiry of a desk's record to be lost, or not known to be written, while the desk lives on
 * @param stops of a desk to call nobody for 1 to 4 s, as where its breaker is open: when it gets
 *     the partition; a thirtieth of that when it is offered a call
 * @param unreadable of a record of progress that the ledger cannot read for up to 4 s, or ever if
 *     it is a decision under a lease, a marker or an answer
 * @param lost whether order events may be lost for good
 * @param readsUncommitted whether the desks see records of open and aborted transactions
 * @param changesMind whether a venue may answer "unknown order" and know it later
 * @param staleChangelog whether sends of a killed or expelled desk may overwrite its changelogs,
 *     too
 * @param failing of a desk that gets the partition to fail before its task has begun
 */
public record FaultChances(
    int crash,
    int pause,
    int slow,
    int venue,
    int feed,
    int skew,
    int lateSend,
    int offsets,
    int expiry,
    int stops,
    int unreadable,
    boolean lost,
    boolean readsUncommitted,
    boolean changesMind,
    boolean staleChangelog,
    int failing) {

  /** Every task begins. */
  public FaultChances(
      int crash,
      int pause,
      int slow,
      int venue,
      int feed,
      int skew,
      int lateSend,
      int offsets,
      int expiry,
      int stops,
      int unreadable,
      boolean lost,
      boolean readsUncommitted,
      boolean changesMind,
      boolean staleChangelog) {
    this(
        crash,
        pause,
        slow,
        venue,
        feed,
        skew,
        lateSend,
        offsets,
        expiry,
        stops,
        unreadable,
        lost,
        readsUncommitted,
        changesMind,
        staleChangelog,
        0);
  }

  public static final FaultChances NONE =
      new FaultChances(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, false, false, false);

  /** Everything that the design claims to stand. */
  public static final FaultChances ALL =
      new FaultChances(25, 15, 50, 450, 150, 990, 300, 100, 8, 0, 0, true, false, false, false);

  /** The desks also see what the ledger takes back. */
  public FaultChances readUncommitted() {
    return with(stops, unreadable, true, changesMind, staleChangelog);
  }

  /** A venue's "unknown order" may turn out premature. */
  public FaultChances changingMind() {
    return with(stops, unreadable, readsUncommitted, true, staleChangelog);
  }

  /** A paused desk wakes up and sends what it had buffered, after another took over. */
  public FaultChances staleChangelogs() {
    return with(stops, unreadable, readsUncommitted, changesMind, true);
  }

  /**
   * The ledger finds records of progress whose schema it cannot ask for yet, and reads them later.
   */
  public FaultChances lateToRead() {
    return with(stops, 30, readsUncommitted, changesMind, staleChangelog);
  }

  /** Desks stand still now and then: what they keep waits, and is asked for once more. */
  public FaultChances stopping() {
    return with(300, unreadable, readsUncommitted, changesMind, staleChangelog);
  }

  /** What desks keep waits, as where they stand still, and some that take it over fail at that. */
  public FaultChances failingTakeovers() {
    return new FaultChances(
        crash,
        pause,
        slow,
        venue,
        feed,
        skew,
        lateSend,
        offsets,
        expiry,
        300,
        unreadable,
        lost,
        readsUncommitted,
        changesMind,
        staleChangelog,
        300);
  }

  private FaultChances with(int stops, int late, boolean uncommitted, boolean mind, boolean stale) {
    return new FaultChances(
        crash,
        pause,
        slow,
        venue,
        feed,
        skew,
        lateSend,
        offsets,
        expiry,
        stops,
        late,
        lost,
        uncommitted,
        mind,
        stale,
        failing);
  }
}
