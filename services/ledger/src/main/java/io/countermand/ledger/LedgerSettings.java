package io.countermand.ledger;

import io.countermand.domain.IntentCheck;
import io.countermand.domain.LedgerRules;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.StreamsSettings;
import java.time.Duration;
import java.util.Set;

/**
 * How a ledger is set up.
 *
 * @param venues names of the venue instances that requests may be sent to
 * @param rememberSettled how long a settled cancelId is recognised
 */
public record LedgerSettings(
    KafkaConnection connection,
    StreamsSettings streams,
    IntentCheck check,
    LedgerRules rules,
    Set<String> venues,
    Duration rememberSettled) {}
