/**
 * What HTTP venues share: the order of pause, token ({@code login}), call ({@code transport}) and
 * {@code classification}. A venue adds an {@link io.countermand.venues.http.HttpDialect}.
 */
@NullMarked
package io.countermand.venues.http;

import org.jspecify.annotations.NullMarked;
