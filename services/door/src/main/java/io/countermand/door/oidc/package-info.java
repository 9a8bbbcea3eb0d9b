/** Bearer tokens that an OpenID Connect issuer signs. Knows nothing of routes and accounts. */
@NullMarked
package io.countermand.door.oidc;

import org.jspecify.annotations.NullMarked;
