package io.countermand.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call that a worker is to make.
 *
 * @param attemptNo 1 for the gate's first attempt, then counted by the ledger
 * @param continuation what the venue wants to see again in this attempt
 */
public record CancelRequest(
    Cancel cancel,
    RequestKind kind,
    int attemptNo,
    @Nullable String continuation,
    Instant requestedAt) {}
