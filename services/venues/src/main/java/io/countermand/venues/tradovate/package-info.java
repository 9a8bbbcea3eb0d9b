/** Tradovate: REST, issued tokens with penalties, and the order feed. */
@NullMarked
package io.countermand.venues.tradovate;

import org.jspecify.annotations.NullMarked;
