/**
 * Publishes recorded history again, into a topic of its own or as JSON lines, for a consumer that
 * is to be tested. Writes to none of the topics between intent and outcome.
 */
@NullMarked
package io.countermand.audit.replay;

import org.jspecify.annotations.NullMarked;
