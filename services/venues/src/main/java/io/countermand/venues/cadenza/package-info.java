/** Cadenza (Algo724): {@code /api/v3} over HTTP, login with rotating refresh token. */
@NullMarked
package io.countermand.venues.cadenza;

import org.jspecify.annotations.NullMarked;
