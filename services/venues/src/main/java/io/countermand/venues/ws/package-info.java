/** WebSocket connections that are kept open, for RPC and for feeds. */
@NullMarked
package io.countermand.venues.ws;

import org.jspecify.annotations.NullMarked;
