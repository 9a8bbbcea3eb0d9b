package io.countermand.ledger;

import io.countermand.domain.IntentCheck;
import io.countermand.domain.lifecycle.LedgerRules;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.streams.StreamsSettings;
import io.countermand.kafka.trace.Hops;
import java.time.Duration;
import java.util.Set;

/**
 * How a ledger is set up.
 *
 * @param venues names of the venue instances that requests may be sent to
 * @param rememberSettled how long a settled cancelId is recognised
 * @param hops hears of sampled traces
 */
public record LedgerSettings(
    KafkaConnection connection,
    StreamsSettings streams,
    IntentCheck check,
    LedgerRules rules,
    Set<String> venues,
    Duration rememberSettled,
    Hops hops) {

  /** Nobody wants to know of traces. */
  public LedgerSettings(
      KafkaConnection connection,
      StreamsSettings streams,
      IntentCheck check,
      LedgerRules rules,
      Set<String> venues,
      Duration rememberSettled) {
    this(connection, streams, check, rules, venues, rememberSettled, Hops.NONE);
  }

  /** The same, whose traces are told there. */
  public LedgerSettings told(Hops to) {
    return new LedgerSettings(connection, streams, check, rules, venues, rememberSettled, to);
  }
}
