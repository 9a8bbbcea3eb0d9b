/** The peers that run on our own Kafka client, each in a process of its own. */
@NullMarked
package io.countermand.bench.peers;

import org.jspecify.annotations.NullMarked;
