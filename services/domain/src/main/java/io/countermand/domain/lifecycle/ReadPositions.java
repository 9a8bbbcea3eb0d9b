package io.countermand.domain.lifecycle;

import io.countermand.domain.Cancel;
import io.countermand.domain.order.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How far the ledger has come in one partition of its topics, and up to which intent it may have
 * forgotten what it settled. Kept in its store, so in one transaction with what it decided. Lost or
 * reset offsets make it read records again; by this it knows them, and gives no cancel a second
 * outcome.
 *
 * <p>The append time beside each offset tells a topic that was created anew, or a log that lost its
 * end, from one that is read again: what was appended later than the newest that was read has not
 * been read, whatever its offset.
 *
 * @param newest by topic: the newest record read
 * @param forgotten up to this intent, settled cancels may have been forgotten
 */
public record ReadPositions(Map<String, Position> newest, Position forgotten) {

  /** A place in a partition; offset -1: before the first record. */
  public record Position(long offset, Instant at) {
    public static final Position NONE = new Position(-1, Instant.EPOCH);
  }

  public static final ReadPositions NONE = new ReadPositions(Map.of(), Position.NONE);

  /** Clocks of ledger and broker may differ by so much. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  /** Begins behind what somebody else has read, or what nobody is to read. */
  public static ReadPositions startingAt(long intentOffset, Instant now) {
    return intentOffset <= 0
        ? NONE
        : new ReadPositions(Map.of(), new Position(intentOffset - 1, now.plus(SKEW)));
  }

  /** Whether the record was read before; {@code appended}: its timestamp. */
  public boolean has(Evidence record, Instant appended) {
    Position known = of(record.topic());
    return record.offset() <= known.offset() && !appended.isAfter(known.at());
  }

  /** With this record read. */
  public ReadPositions read(Evidence record, Instant appended) {
    Position known = of(record.topic());
    Map<String, Position> all = new HashMap<>(newest);
    all.put(
        record.topic(),
        new Position(record.offset(), appended.isAfter(known.at()) ? appended : known.at()));
    return new ReadPositions(Map.copyOf(all), forgotten);
  }

  /**
   * The offset to keep with a cancel that is settled now, or whose id was read again since: with it
   * all intents are forgotten that were read until then, so its duplicates, too.
   *
   * @param intent of the cancel; its topic is that of the intents
   */
  public long coveredBy(Evidence intent) {
    return Math.max(intent.offset(), of(intent.topic()).offset());
  }

  /**
   * Whether a settled cancel may be forgotten: not before its intent was read, which a desk's
   * decision can precede. Else intents that were never read would seem to be forgotten.
   *
   * @param intents the topic
   */
  public boolean mayForget(String intents, Lifecycle.Settled settled) {
    Position known = of(intents);
    return settled.intentOffset() <= known.offset() || settled.at().plus(SKEW).isBefore(known.at());
  }

  /** With this settled cancel forgotten. */
  public ReadPositions forgetting(String intents, Lifecycle.Settled settled) {
    Position known = of(intents);
    long offset = Math.min(settled.intentOffset(), known.offset());
    return offset <= forgotten.offset() && !known.at().isAfter(forgotten.at())
        ? this
        : new ReadPositions(
            newest, new Position(Math.max(offset, forgotten.offset()), later(known.at())));
  }

  private Instant later(Instant at) {
    return at.isAfter(forgotten.at()) ? at : forgotten.at();
  }

  /**
   * Whether a cancel that is not known may have had its outcome, by where its intent stands: it
   * must not be opened anew.
   */
  public boolean mayHaveForgotten(Cancel cancel) {
    return cancel.intent().offset() <= forgotten.offset()
        && !cancel.receivedAt().isAfter(forgotten.at());
  }

  /** The offset behind the last record that was read; 0: none was. */
  public long next(String topic) {
    return of(topic).offset() + 1;
  }

  private Position of(String topic) {
    return newest.getOrDefault(topic, Position.NONE);
  }
}
