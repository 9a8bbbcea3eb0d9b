/** Tokens: how a venue issues them, and how one is renewed before it ends. */
@NullMarked
package io.countermand.venues.http.login;

import org.jspecify.annotations.NullMarked;
