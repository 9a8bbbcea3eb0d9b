/**
 * What HTTP venues share: the exchange, bounded in time and memory, and the order of pause, token,
 * call and classification. A venue adds an {@link io.countermand.venues.http.HttpDialect}.
 */
@NullMarked
package io.countermand.venues.http;

import org.jspecify.annotations.NullMarked;
