/** What a venue recorded of an order, where its status query does not tell how it ended. */
@NullMarked
package io.countermand.venues.ended;

import org.jspecify.annotations.NullMarked;
