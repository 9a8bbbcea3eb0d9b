package io.countermand.codec;

import io.countermand.domain.lifecycle.Lifecycle;

/** A settled cancel, as its order's page has it. */
public record SettledId(String cancelId, Lifecycle.Settled settled) {}
