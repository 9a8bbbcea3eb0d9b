package io.countermand.desk.bulk;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.decision.Lane;
import io.countermand.domain.decision.LaneQueue;
import io.countermand.domain.mass.MassPart;
import io.countermand.venues.CallResult;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What a venue's lane does for {@link BulkCalls}. Thread-safe.
 *
 * @param <C> a call of one order
 */
public interface BulkLane<C> {

  CancelRequest request(C call);

  /** Calls of an account that wait in that lane; they go on waiting. */
  List<LaneQueue.Waiting<C>> waiting(Lane lane, String account);

  /**
   * Takes those of these calls that still wait out of the queue, and begins the attempt of each:
   * its marker first.
   *
   * @param gathering made for as many as were taken
   */
  List<C> carry(List<String> ids, Function<Integer, CarriedAttempts> gathering);

  /**
   * The call that was to carry these is not made, and none of them has its answer yet: what is
   * asked for them next is no later attempt.
   */
  void unmade(List<C> calls);

  /** Whether this desk still makes calls, and has the tasks that it had when this one began. */
  boolean may();

  /**
   * Waits until the calls of the account that are under way have ended, and those that were carried
   * have written their answers; false: not in that time, or not soon. Not for what begins
   * meanwhile, as single cancels do: there may be no end of them, and the list shows their orders.
   */
  boolean quiet(String account, Duration within) throws InterruptedException;

  /** The account that was held is held no more; said once or twice. */
  void release();

  /** Waits for permit and token of a call, before all that wait in the queue; false: none came. */
  boolean permit(Duration within) throws InterruptedException;

  /** A list that was permitted has ended. */
  void listed(Reply reply, Duration took);

  /** A call that was permitted has ended. */
  void called(CallResult answer, Duration took);

  /** A call that was permitted is not made. */
  void notMade();

  /** Keys of orders of which the venue took a cancel lately. */
  Set<String> taken();

  /** Tells a mass cancel of a call; false: it is not known to be durable within that time. */
  boolean tell(String massId, MassPart.Bulk part, Duration within) throws InterruptedException;
}
