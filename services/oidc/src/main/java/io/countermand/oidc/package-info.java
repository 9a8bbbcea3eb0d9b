/**
 * What an OpenID Connect issuer signs: access tokens of callers, and ID tokens of people who sign
 * in. Knows nothing of routes, accounts and sessions.
 */
@NullMarked
package io.countermand.oidc;

import org.jspecify.annotations.NullMarked;
