/** NeuraTrade: {@code /api/v1/trading} over HTTP. */
@NullMarked
package io.countermand.venues.neuratrade;

import org.jspecify.annotations.NullMarked;
