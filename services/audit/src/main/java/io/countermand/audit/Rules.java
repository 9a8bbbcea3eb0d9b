package io.countermand.audit;

import io.countermand.domain.DeskRules;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.LedgerRules;
import java.time.Duration;

/**
 * The rules that were in force when the history was made. The topics do not carry them: they come
 * from the configuration, an archive keeps its own.
 *
 * @param forgetTerminal the desk forgets a terminal order this long after its last event
 * @param forgetIdle the desk forgets any other order this long after its last event
 * @param rememberSettled the ledger knows a settled cancelId at least this long
 */
public record Rules(
    IntentCheck check,
    DeskRules desk,
    LedgerRules ledger,
    Duration forgetTerminal,
    Duration forgetIdle,
    Duration rememberSettled) {}
