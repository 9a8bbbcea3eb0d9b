/** How often and when a venue may be called: pure waiting rules, with the clock as an argument. */
@NullMarked
package io.countermand.venues.limits;

import org.jspecify.annotations.NullMarked;
