/** What every peer of the benchmark does with an intent, whatever brings it the intents. */
@NullMarked
package io.countermand.bench.call;

import org.jspecify.annotations.NullMarked;
