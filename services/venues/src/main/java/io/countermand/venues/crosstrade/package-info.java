/** CrossTrade (NinjaTrader 8): REST, WebSocket and webhook, one user behind all three. */
@NullMarked
package io.countermand.venues.crosstrade;

import org.jspecify.annotations.NullMarked;
