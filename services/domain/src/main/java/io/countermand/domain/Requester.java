package io.countermand.domain;

import org.jspecify.annotations.Nullable;

/** Who asks for a cancel and why; all optional. */
public record Requester(
    @Nullable String algorithm,
    @Nullable String trader,
    @Nullable String desk,
    @Nullable String client,
    @Nullable String reason) {}
