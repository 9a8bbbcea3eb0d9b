package io.countermand.desk.settings;

import io.countermand.domain.IntentCheck;
import io.countermand.domain.decision.CallRules;
import io.countermand.domain.decision.DeskRules;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.streams.StreamsSettings;
import io.countermand.kafka.trace.Hops;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.limits.Budget;
import io.countermand.venues.limits.VenueGovernor;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How a desk is set up.
 *
 * @param forgetTerminal a terminal order is forgotten this long after its last event
 * @param forgetIdle an order that is not terminal is forgotten this long after its last event
 * @param venues those that this desk calls
 * @param only venues whose records it reads, all of them in {@code venues}; another desk, of
 *     another group, has the rest. Empty: it reads everything, and answers for unknown venues, too
 * @param mostWaiting cancels that may wait for one venue's rate, and ten times as many of mass
 *     cancels; further ones are refused
 * @param drain how long a stop waits for calls under way
 * @param closing venues where a cancel closes the order's position, too; a mass cancel leaves them
 *     out unless it says otherwise
 * @param hops hears of sampled traces
 */
public record DeskSettings(
    KafkaConnection connection,
    StreamsSettings streams,
    IntentCheck check,
    DeskRules rules,
    Duration forgetTerminal,
    Duration forgetIdle,
    List<Venue> venues,
    Set<String> only,
    int mostWaiting,
    Duration drain,
    Set<String> closing,
    Hops hops) {

  /** Nobody wants to know of traces. */
  public DeskSettings(
      KafkaConnection connection,
      StreamsSettings streams,
      IntentCheck check,
      DeskRules rules,
      Duration forgetTerminal,
      Duration forgetIdle,
      List<Venue> venues,
      Set<String> only,
      int mostWaiting,
      Duration drain,
      Set<String> closing) {
    this(
        connection,
        streams,
        check,
        rules,
        forgetTerminal,
        forgetIdle,
        venues,
        only,
        mostWaiting,
        drain,
        closing,
        Hops.NONE);
  }

  /** The same, whose traces are told there. */
  public DeskSettings told(Hops to) {
    return new DeskSettings(
        connection,
        streams,
        check,
        rules,
        forgetTerminal,
        forgetIdle,
        venues,
        only,
        mostWaiting,
        drain,
        closing,
        to);
  }

  /** No venue closes positions. */
  public DeskSettings(
      KafkaConnection connection,
      StreamsSettings streams,
      IntentCheck check,
      DeskRules rules,
      Duration forgetTerminal,
      Duration forgetIdle,
      List<Venue> venues,
      Set<String> only,
      int mostWaiting,
      Duration drain) {
    this(
        connection,
        streams,
        check,
        rules,
        forgetTerminal,
        forgetIdle,
        venues,
        only,
        mostWaiting,
        drain,
        Set.of());
  }

  /**
   * One venue instance that is called.
   *
   * @param name as in the order key
   * @param adapter closed with the desk
   * @param budget what the credential may call
   * @param governor pauses of the credential
   * @param concurrency calls in flight at once
   * @param keepConnection after so long without a call a probe keeps the connection open
   */
  public record Venue(
      String name,
      VenueAdapter adapter,
      Budget budget,
      VenueGovernor governor,
      CallRules rules,
      int concurrency,
      Duration keepConnection) {}

  /** The venues whose orders it cancels when all are to go. */
  public Set<String> served() {
    return only.isEmpty() ? rules.venues() : only;
  }

  /** Who writes, in records. */
  public String by() {
    return "desk-" + connection.instance();
  }
}
