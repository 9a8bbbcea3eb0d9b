/**
 * The port to the venues: {@link io.countermand.venues.VenueProvider} is found by {@code
 * ServiceLoader}, makes one {@link io.countermand.venues.VenueAdapter} per configured instance.
 */
@NullMarked
package io.countermand.venues;

import org.jspecify.annotations.NullMarked;
