/** Records that cannot be read: parked while their schema may still come, then dead letters. */
@NullMarked
package io.countermand.kafka.deadletter;

import org.jspecify.annotations.NullMarked;
