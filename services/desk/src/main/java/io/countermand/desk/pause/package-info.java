/** Pauses of venues, shared between all desks and feeds over {@code venue-pauses}. */
@NullMarked
package io.countermand.desk.pause;

import org.jspecify.annotations.NullMarked;
