/**
 * The intents of a benchmark: made beforehand, sent when they are due, then looked for at the venue
 * and in the results. The same load goes through Countermand and its peers.
 */
@NullMarked
package io.countermand.bench.load;

import org.jspecify.annotations.NullMarked;
