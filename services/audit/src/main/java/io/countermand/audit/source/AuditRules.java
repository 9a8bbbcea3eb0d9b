package io.countermand.audit.source;

import io.countermand.domain.IntentCheck;
import io.countermand.domain.decision.DeskRules;
import io.countermand.domain.lifecycle.LedgerRules;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * The rules that were in force when the history was made. The topics do not carry them: they come
 * from the configuration, an archive keeps its own.
 *
 * @param forgetTerminal the desk forgets a terminal order this long after its last event
 * @param forgetIdle the desk forgets any other order this long after its last event
 * @param rememberSettled the ledger knows a settled cancelId at least this long
 * @param adapters by venue; a venue's answers are not read again where it is not known
 * @param closing venues where a cancel closes the order's position, too
 */
public record AuditRules(
    IntentCheck check,
    DeskRules desk,
    LedgerRules ledger,
    Duration forgetTerminal,
    Duration forgetIdle,
    Duration rememberSettled,
    Map<String, String> adapters,
    Set<String> closing) {}
