/** Whether an intent's account is one of the credential's. */
@NullMarked
package io.countermand.venues.accounts;

import org.jspecify.annotations.NullMarked;
