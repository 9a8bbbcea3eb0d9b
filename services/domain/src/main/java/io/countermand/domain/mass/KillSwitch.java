package io.countermand.domain.mass;

import io.countermand.domain.DeskOrder;
import io.countermand.domain.OrderRef;
import io.countermand.domain.OrderState;
import java.time.Instant;
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

  /** For people. */
  public String words() {
    String its =
        mass.massId()
            + ": "
            + mass.scope().words()
            + "; on since "
            + since
            + " by "
            + mass.by()
            + ": "
            + mass.reason();
    return released == null
        ? its
        : its + "; off since " + released.at() + " by " + released.by() + ": " + released.reason();
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
    OrderState state = known.order();
    return on()
        && state != null
        && !state.certainlyEnded()
        && mass.scope().fit(order, state.details()) == MassScope.Fit.IN
        && (mass.includingPositionClose() || !closing.contains(order.venue()))
        && !known.knows(cancelId(order));
  }

  /** Of the one cancel that an order gets of it. */
  public String cancelId(OrderRef order) {
    return MassIntents.cancelId(mass.massId(), order.key());
  }
}
