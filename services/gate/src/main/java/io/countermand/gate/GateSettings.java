package io.countermand.gate;

import io.countermand.domain.GateRules;
import io.countermand.domain.IntentCheck;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.StreamsSettings;
import java.time.Duration;

/**
 * How a gate is set up.
 *
 * @param forgetTerminal a terminal order is forgotten this long after its last event
 * @param forgetIdle an order that is not terminal is forgotten this long after its last event
 */
public record GateSettings(
    KafkaConnection connection,
    StreamsSettings streams,
    IntentCheck check,
    GateRules rules,
    Duration forgetTerminal,
    Duration forgetIdle) {}
