package io.countermand.domain.lease;

import java.time.Duration;

/**
 * How long and how far a lease holds.
 *
 * @param length a desk calls under it for so long after its group knew it last; shorter than the
 *     group's session, so that it has ended when another gets the partition
 * @param least it reaches at least so many intents ahead
 * @param most and at most so many: after a kill, these are taken for called although nobody may
 *     have read them
 */
public record LeaseRules(Duration length, int least, int most) {

  /** For a group whose members are missed after {@code session}. */
  public static LeaseRules within(Duration session) {
    return new LeaseRules(session.multipliedBy(3).dividedBy(4), 64, 2_000);
  }

  /** How far ahead, where so many intents came since the lease was written last. */
  int ahead(long came) {
    return Math.clamp(3 * came, least, most);
  }
}
