/** Cancels by HTTP, for those who have no Kafka client. */
@NullMarked
package io.countermand.door;

import org.jspecify.annotations.NullMarked;
