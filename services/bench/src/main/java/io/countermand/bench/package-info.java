/**
 * Countermand side by side with what one would write instead: the same intents, venue and broker.
 */
@NullMarked
package io.countermand.bench;

import org.jspecify.annotations.NullMarked;
