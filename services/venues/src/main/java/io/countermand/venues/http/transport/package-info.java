/**
 * One HTTP exchange, bounded in time and memory: request, connection and TLS, answer, and what of
 * both may be kept.
 */
@NullMarked
package io.countermand.venues.http.transport;

import org.jspecify.annotations.NullMarked;
