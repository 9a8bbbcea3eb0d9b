package io.countermand.domain.mass;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.OrderState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mass cancel that stays on. Released once, it is never on again: another has another massId.
 *
 * <pre>
 * (unknown) -- fire ---> on
 * on -------- release -> released
 * on, released: fire or release again changes nothing
 * </pre>
 *
 * @param since when the ledger took it
 * @param released null: it is on
 */
public record KillSwitch(MassCancel mass, Instant since, @Nullable Release released) {

  private static final Set<Reason> OVER =
      EnumSet.of(
          Reason.ORDER_FILLED,
          Reason.ORDER_CANCELED,
          Reason.ORDER_REJECTED,
          Reason.ORDER_EXPIRED,
          Reason.ORDER_NOT_OPEN,
          Reason.UNKNOWN_ORDER);

  private static final Set<Reason> LASTING =
      EnumSet.of(
          Reason.MALFORMED,
          Reason.UNKNOWN_VENUE,
          Reason.INVALID_REQUEST,
          Reason.ACCOUNT_REFUSED,
          Reason.UNSUPPORTED,
          Reason.VENUE_REFUSED);

  /** What has its outcome sooner is not asked for again: it would go round and round. */
  private static final Duration AT_ONCE = Duration.ofSeconds(5);

  /**
   * Who took it off, and why.
   *
   * @param releaseId massId of the record that asked for it
   */
  public record Release(String releaseId, String by, String reason, Instant at) {}

  /** What is said to who asks for a release. */
  public sealed interface Answer {
    /** In words. */
    String text();
  }

  /** It was on, and is no more. */
  public record Released(KillSwitch after, String text) implements Answer {}

  /** It is off already. */
  public record Off(String text) implements Answer {}

  /** Nobody knows it, so nothing was released. */
  public record Unknown(String text) implements Answer {}

  public boolean on() {
    return released == null;
  }

  /**
   * @param known the kill switch that it names; null: none
   * @param asked {@link MassCancel#releases} is not null
   */
  public static Answer release(@Nullable KillSwitch known, MassCancel asked, Instant now) {
    if (known == null) {
      return new Unknown(
          "no kill switch '"
              + asked.releases()
              + "' was ever on; `kill list` shows those that are");
    }
    if (!known.on()) {
      return new Off(known.words());
    }
    var release = new Release(asked.massId(), asked.by(), asked.reason(), now);
    return new Released(
        new KillSwitch(known.mass, known.since, release),
        "kill switch '"
            + known.mass.massId()
            + "' ("
            + known.mass.scope().words()
            + ") released; desks stop as they read it, and what is being cancelled goes on");
  }

  /** For people; the id stands first and alone, so that it can be copied. */
  public String words() {
    String its =
        mass.massId()
            + " ("
            + mass.scope().words()
            + "), on since "
            + shown(since)
            + " by "
            + mass.by()
            + ": "
            + mass.reason();
    return released == null
        ? its
        : its
            + "; off since "
            + shown(released.at())
            + " by "
            + released.by()
            + ": "
            + released.reason();
  }

  /** A clock may tell nanoseconds; who reads this does not want them. */
  private static Instant shown(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * Whether an order is to be cancelled that an order event just told of, whatever was known of it
   * before: so none is missed after a crash between table and intent.
   *
   * <pre>
   * released                                              | no
   * certainly over, or does not fit, or is not told to fit | no
   * at a venue whose cancel closes the position           | no, unless asked for
   * this switch's cancel of it was read from the log      | no
   * else                                                  | yes
   * </pre>
   *
   * @param known with the order event folded
   * @param closing venues where a cancel closes the order's position, too
   */
  public boolean wants(OrderRef order, DeskOrder known, Set<String> closing) {
    return means(order, known.order(), closing) && !known.knows(cancelId(order));
  }

  private boolean means(OrderRef order, @Nullable OrderState state, Set<String> closing) {
    return on()
        && state != null
        && !state.certainlyEnded()
        && mass.scope().fit(order, state.details()) == MassScope.Fit.IN
        && (mass.includingPositionClose() || !closing.contains(order.venue()));
  }

  /**
   * The id of a further cancel of an order that had one, after an order event that shows it open
   * once more: an id that lives again is another order, whatever became of the first.
   *
   * @param known with the order event folded
   * @return null: none
   */
  public @Nullable String anew(OrderRef order, DeskOrder known, Set<String> closing, Instant now) {
    OrderState state = known.order();
    if (state == null
        || !state.disputed()
        || !known.knows(cancelId(order))
        || known.live(now) != null
        || !means(order, state, closing)) {
      return null;
    }
    Evidence cause = state.evidence();
    return cause == null ? null : MassIntents.cancelId(mass.massId(), order.key(), cause);
  }

  /**
   * The id of a further cancel, after an outcome of one.
   *
   * <pre>
   * the order is not meant any more            | none
   * cancelled, or over by the venue's word     | none
   * not of this switch, but under its cancelId | one: somebody else had used the id
   * refused for good, or within seconds        | none: so would be the next
   * else (no time left, no room, no answer)    | one
   * </pre>
   *
   * @param known with the outcome in it
   * @param at where the outcome stands
   * @return null: none
   */
  public @Nullable String again(
      Outcome outcome, DeskOrder known, Set<String> closing, Evidence at) {
    Cancel cancel = outcome.cancel();
    boolean ours = mass.massId().equals(cancel.massId());
    boolean taken = !ours && cancel.cancelId().equals(cancelId(cancel.order()));
    Duration took = Duration.between(cancel.receivedAt(), outcome.decidedAt());
    boolean helps = taken || (!LASTING.contains(outcome.reason()) && took.compareTo(AT_ONCE) >= 0);
    return (ours || taken)
            && helps
            && outcome.result() != CancelResult.CANCELED
            && !OVER.contains(outcome.reason())
            && means(cancel.order(), known.order(), closing)
        ? MassIntents.cancelId(mass.massId(), cancel.order().key(), at)
        : null;
  }

  /** Of the first cancel that an order gets of it, in most cases the only one. */
  public String cancelId(OrderRef order) {
    return MassIntents.cancelId(mass.massId(), order.key());
  }
}
