package io.countermand.venues;

import org.jspecify.annotations.Nullable;

/**
 * A key that an adapter understands beside the common ones.
 *
 * @param allowed for people: what values are taken
 * @param fallback value when absent; null: the option is then simply not set
 */
public record VenueOption(String key, String allowed, @Nullable String fallback) {}
