/** Order feeds of venues that have a list of orders and no stream. */
@NullMarked
package io.countermand.venues.polling;

import org.jspecify.annotations.NullMarked;
